import type { RootfsUnit } from '../entry/unit.ts';
import { groupBy } from '../shared/group-by.ts';
import { headingOf } from '../shared/heading.ts';
import type { UnitState } from '../slim/state/state.ts';
import type { UpstreamBase } from '../slim/state/upstream.ts';
import { gitName, gitTitle } from '../words/git-text.ts';

/** An entry that is put forward, with all that is said of it. */
export type Proposal = {
  readonly unit: RootfsUnit;
  readonly state: UnitState;
  /** How people call it: `Redis 7.0`. */
  readonly title: string;
  /** Whether the main branch does not have it yet. */
  readonly isNew: boolean;
  /** Its directory, and what slimming writes outside of it, such as `../Dockerfile`; from the top of the repository. */
  readonly places: readonly string[];
  /** Its workflow as it is in the work tree; null where it has none. */
  readonly workflow: { readonly path: string; readonly text: string } | null;
  /** The branch that it shares with the other entries of its group; null for a separate branch. */
  readonly group: string | null;
  /** The base images that its last refresh found. */
  readonly upstream: readonly UpstreamBase[];
  /** Its row in the catalog's README; null where it has none. */
  readonly row: string | null;
};

/** The branch of one entry, or of several together, with a name that no other set of entries has. */
export function branchOf(proposals: readonly Proposal[], hash: (text: string) => string): string {
  const [first, ...rest] = proposals.map(({ unit }) => unit.name);
  const group = groupOf(proposals);
  if (group !== null) return `kraft-slim/group-${group}`;
  if (first !== undefined && rest.length === 0) return `kraft-slim/${first}`;
  return `kraft-slim/${proposals.length}-entries-${hash(proposals.map(({ unit }) => unit.name).join('\n')).slice(0, 8)}`;
}

/** The group that all of some entries are in; null where there is none. */
export function groupOf(proposals: readonly Proposal[]): string | null {
  const groups = new Set(proposals.map(({ group }) => group));
  const [group = null] = groups;
  return groups.size === 1 ? group : null;
}

/** Entries by the branches that they are put on, in their order. */
export function inGroups(proposals: readonly Proposal[]): Proposal[][] {
  return [...groupBy(proposals, ({ group, unit }) => (group === null ? `/${unit.name}` : group)).values()];
}

/**
 * The first heading of a README, where it is short enough to be a name and a commit message can carry it; else the
 * entry's name.
 * @throws UserError `refused` where a message cannot carry that either.
 */
export function titleOf(readme: string, entry: string): string {
  const line = /^#[ \t].*$/m.exec(readme)?.[0] ?? '';
  const heading = headingOf(line)?.text.replace(/[`*_]/g, '') || undefined;
  const title = heading !== undefined && heading.length <= 40 ? gitTitle(heading) : undefined;
  return title ?? gitName(entry);
}
