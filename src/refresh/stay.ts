import type { AskedBase, Moved } from './move-together.ts';
import { EXCLUSIONS } from './newer-tag.ts';

/**
 * Why a base stays at its tag. `newest`: no tag of its family is newer. `no-version`: its tag has no version that could
 * move. `not-named`: the name of the entry has no version that follows this base. `held`: another base with the same
 * version cannot follow. `made`: the catalog has the entry of the newer version. The others: see `Exclusion`.
 */
export const STAYS = ['newest', 'no-version', 'not-named', 'held', 'made', ...EXCLUSIONS] as const;

export type Stay = {
  readonly why: (typeof STAYS)[number];
  /** The newer tag that is not taken; null for none. */
  readonly tag: string | null;
};

/** Why a base stays; null where it moves. `there`: the entry of the newer version, where the catalog has it. */
export function stayOf(
  { base, version, found, inPlace }: AskedBase,
  { moved, there }: { readonly moved: Moved | null; readonly there: string | null },
): Stay | null {
  if (inPlace !== null) return null;
  switch (found.kind) {
    case 'newer': {
      const tag = found.tag.text;
      if (version === undefined) return { why: 'not-named', tag };
      if (moved === null || !moved.tags.has(base.reference)) return { why: 'held', tag };
      return there === null ? null : { why: 'made', tag };
    }
    case 'newest':
      return { why: found.excluded?.by ?? 'newest', tag: found.excluded?.tag.text ?? null };
    case 'no-version':
      return { why: 'no-version', tag: null };
    case 'no-such-version':
      return { why: 'newest', tag: null };
  }
}

/** A stay as a clause for people: `redis:7.0: 8.0 is beyond the policy`. */
export function stayText(reference: string, { why, tag }: Stay): string {
  return `${reference}: ${CLAUSES[why](tag ?? '')}`;
}

const CLAUSES: Readonly<Record<Stay['why'], (tag: string) => string>> = {
  newest: () => 'no tag with the same words behind the version is newer',
  'no-version': () => 'the tag has no version that could move',
  'not-named': (tag) => `${tag} is newer, but the entry is not named for this version`,
  held: (tag) => `${tag} is newer, but another base of the same version cannot follow`,
  made: (tag) => `the catalog has an entry for ${tag}`,
  ignored: (tag) => `the settings exclude ${tag}`,
  young: (tag) => `${tag} is newer, but its image is younger than the minimum age, or has no date`,
  policy: (tag) => `${tag} is beyond the policy`,
  'pre-release': (tag) => `${tag} is newer, but is not a stable release`,
  words: (tag) => `${tag} is newer, but has other words behind its version`,
};
