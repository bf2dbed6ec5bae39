import {
  compareNumbers,
  compareTags,
  compareVersions,
  familyOf,
  hasOlderBase,
  readTag,
  type Tag,
} from './tag.ts';

/** How far a version may move: its last parts alone, all but the first, or all. */
export const POLICIES = ['patch', 'minor', 'major'] as const;
export type Policy = (typeof POLICIES)[number];

export type Wish = {
  readonly policy: Policy;
  /** The version that is to be had, or the beginning of it: `7.4`, `7.4.1`; null for the newest. */
  readonly to: string | null;
};

/** What became of the question for a newer tag. */
export type NewerTag =
  | { readonly kind: 'newer'; readonly tag: Tag }
  /** There is none. `beyond`: the newest that the policy leaves out; null where there is none either. */
  | { readonly kind: 'newest'; readonly beyond: Tag | null }
  /** The tag says no version that could be newer or older: `latest`, `bookworm`. */
  | { readonly kind: 'no-version' }
  /** No tag of this family has the version that is wished for. */
  | { readonly kind: 'no-such-version' };

/**
 * The tag of the same family that a wish leads to: the same number of parts, the same words behind the version, of
 * which none gets older. Pre-releases are left out, unless one is there already or is wished for.
 */
export function newerTag(current: string, tags: Iterable<string>, { policy, to }: Wish): NewerTag {
  const now = readTag(current);
  if (now === null) return { kind: 'no-version' };
  const wished = to === null ? null : readTag(to);
  const family = familyOf(now);
  const others = [...tags]
    .flatMap((text) => readTag(text) ?? [])
    .filter((tag) => familyOf(tag) === family && !hasOlderBase(tag, now))
    .filter(({ pre }) => pre === null || now.pre !== null || (wished?.pre ?? null) !== null);
  if (to !== null) {
    const meant = others.filter((tag) => wished !== null && isMeant(tag, wished));
    const tag = best(meant);
    if (tag === null) return { kind: 'no-such-version' };
    return tag.text === now.text ? { kind: 'newest', beyond: null } : { kind: 'newer', tag };
  }
  const newer = others.filter(
    (tag) => compareVersions(tag, now) > 0 || (compareVersions(tag, now) === 0 && compareTags(tag, now) > 0),
  );
  const tag = best(newer.filter((one) => isWithin(one, now, policy)));
  return tag === null ? { kind: 'newest', beyond: best(newer) } : { kind: 'newer', tag };
}

/** The newest; of equal ones, `1.02` and `1.2`, the first in byte order, so that the registry's order does not matter. */
function best(tags: readonly Tag[]): Tag | null {
  const [first, ...rest] = tags;
  if (first === undefined) return null;
  return rest.reduce((one, other) => {
    const order = compareTags(other, one);
    return order > 0 || (order === 0 && other.text < one.text) ? other : one;
  }, first);
}

/** Whether a version is the wished one, or begins with it. A wish for a pre-release means that very one. */
function isMeant(tag: Tag, wished: Tag): boolean {
  if (wished.pre !== null) return compareVersions(tag, wished) === 0;
  return compareNumbers(tag.numbers.slice(0, wished.numbers.length), wished.numbers) === 0;
}

/** A date is only ever another build of the same thing. */
function isWithin(tag: Tag, now: Tag, policy: Policy): boolean {
  if (policy === 'major' || now.date !== null) return true;
  const fixed = policy === 'minor' ? 1 : 2;
  return compareNumbers(tag.numbers.slice(0, fixed), now.numbers.slice(0, fixed)) === 0;
}
