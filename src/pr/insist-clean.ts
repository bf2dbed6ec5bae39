import { join, relative } from 'node:path';
import { README, readCatalogText } from '../catalog/entry-files.ts';
import { entryRows } from '../catalog/entry-table.ts';
import type { GitRepository } from '../git/repository.ts';
import { UserError } from '../shared/failure.ts';
import type { Proposal } from './proposal.ts';

/** More paths than these are counted. */
const MAX_SHOWN = 5;

/**
 * Requires that only the published files have changes: the entries' directories, their workflows, and their rows in the
 * catalog's README. Any other change would be missing from every branch without notice.
 * @throws UserError `tree-dirty`.
 */
export async function insistClean(
  repository: GitRepository,
  proposals: readonly Proposal[],
  catalogRoot: string,
): Promise<void> {
  const readme = relative(repository.top, join(catalogRoot, README));
  const workflows = new Set(proposals.flatMap(({ workflow }) => (workflow === null ? [] : [workflow.path])));
  const isMeant = (path: string) =>
    workflows.has(path) ||
    proposals.some(({ places }) => places.some((place) => `${path}/`.startsWith(`${place}/`)));
  const others: string[] = [];
  for (const path of await repository.changedPaths()) {
    if (isMeant(path)) continue;
    if (path === readme && (await isOnlyRows(repository, { readme, catalogRoot, proposals }))) continue;
    others.push(path);
  }
  if (others.length === 0) return;
  const more = others.length > MAX_SHOWN ? ` and ${others.length - MAX_SHOWN} more` : '';
  throw new UserError(
    'tree-dirty',
    `cannot make branches: ${others.slice(0, MAX_SHOWN).join(', ')}${more} changed as well`,
    {
      hint: 'commit or stash changes outside of these entries, or name their entries too',
    },
  );
}

/** Whether a README differs from HEAD's in the rows of the entries alone. */
async function isOnlyRows(
  repository: GitRepository,
  { readme, catalogRoot, proposals }: { readme: string; catalogRoot: string; proposals: readonly Proposal[] },
): Promise<boolean> {
  const names = new Set(proposals.map(({ unit }) => unit.name));
  const others = (text: string) => {
    const rowLines = new Set(entryRows(text).flatMap(({ at, entry }) => (names.has(entry) ? [at] : [])));
    return text
      .split('\n')
      .filter((_, at) => !rowLines.has(at))
      .join('\n');
  };
  const before = await repository.textAt('HEAD', readme);
  const now = readCatalogText(catalogRoot, README);
  return before !== null && now !== null && others(before) === others(now);
}
