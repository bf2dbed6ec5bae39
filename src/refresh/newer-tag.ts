import { earlyLineOf } from './stability.ts';
import { replaceWords } from './suffix.ts';
import { readTag, type SuffixPart, type Tag } from './tag.ts';
import {
  compareNumbers,
  compareTags,
  compareVersions,
  familyOf,
  hasOlderBase,
  isSameForm,
} from './tag-order.ts';

/** How far a version may move: its last parts alone, all but the first, or all. */
export const POLICIES = ['patch', 'minor', 'major'] as const;
export type Policy = (typeof POLICIES)[number];

export type Wish = {
  readonly policy: Policy;
  /** Whether the user gives the policy on the command line: then settings of images do not count. */
  readonly isPolicyGiven?: boolean;
  /**
   * The wanted version, or the beginning of it: `7.4`, `7.4.1`; null for the newest. Words behind it replace those of
   * the same kind: `7.4-trixie` a `-bookworm`, `8.11-jdk21` a `-jdk17`.
   */
  readonly to: string | null;
};

/** What else is known of an image whose tags are compared. */
export type TagRules = {
  /** The last part of its name, by which its scheme of versions is known. */
  readonly image?: string;
  /** Whether the user's settings allow a tag. */
  readonly allows?: (tag: Tag) => boolean;
  /** Words that take the place of those of the same kind, where the registry has such a tag: `trixie`, `jdk21`. */
  readonly words?: readonly string[];
};

/**
 * Why a newer tag is not taken: the settings exclude it, its image is younger than they allow, it lies beyond the
 * policy, it is no release to stay on, or other words stand behind its version.
 */
export const EXCLUSIONS = ['ignored', 'young', 'policy', 'pre-release', 'words'] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

/** What became of the question for a newer tag. */
export type NewerTag =
  | { readonly kind: 'newer'; readonly tag: Tag }
  /**
   * There is none to move to. `excluded`: the newest of those that one reason excludes; null where nothing is newer.
   */
  | { readonly kind: 'newest'; readonly excluded: { readonly by: Exclusion; readonly tag: Tag } | null }
  /** The tag says no version that could be newer or older: `latest`, `bookworm`. */
  | { readonly kind: 'no-version' }
  /** No tag of this family has the wanted version. */
  | { readonly kind: 'no-such-version' };

/**
 * The tag of the same family that a wish leads to: the same form of version, the same words behind it, on a base that
 * is not older. A release comes first; a pre-release is taken where the current tag is one of the same version, or
 * where the wish names it.
 */
export function newerTag(current: string, tags: Iterable<string>, wish: Wish & TagRules): NewerTag {
  const now = readTag(current);
  if (now === null) return { kind: 'no-version' };
  const all = [...tags].flatMap((text) => readTag(text) ?? []);
  if (wish.to !== null) return wishedTag(now, all, { ...wish, to: wish.to });
  const { parts, replaced } = replaceWords(now.suffix, (wish.words ?? []).flatMap(readWords));
  if (replaced > 0) {
    const found = newestOf({ ...now, suffix: parts }, all, wish);
    const isThere = all.find((tag) => tag.text === textOf(now, parts) && tag.text !== current);
    if (found.kind === 'newer') return found;
    if (isThere !== undefined && (wish.allows?.(isThere) ?? true)) return { kind: 'newer', tag: isThere };
  }
  return newestOf(now, all, wish);
}

/** A word as it stands behind a version. */
function readWords(word: string): readonly SuffixPart[] {
  return readTag(`0-${word}`)?.suffix ?? [];
}

/** The text of a tag with other words behind its version. */
function textOf({ text, suffix }: Tag, parts: readonly SuffixPart[]): string {
  return `${text.slice(0, text.length - wordsText(suffix).length)}${wordsText(parts)}`;
}

/** Words behind a version as a tag has them; numbers in them lose leading zeros. */
export function wordsText(parts: readonly SuffixPart[]): string {
  return parts.map(({ separator, word, numbers }) => `${separator}${word}${numbers.join('.')}`).join('');
}

function newestOf(now: Tag, all: readonly Tag[], wish: Wish & TagRules): NewerTag {
  const { policy, image = '', allows = () => true } = wish;
  const early = earlyLineOf(now, image);
  const isRelease = (tag: Tag) => earlyLineOf(tag, image) === null;
  const later = all.filter((tag) => isSameForm(tag, now) && isLater(tag, now));
  const family = later.filter((tag) => familyOf(tag) === familyOf(now) && !hasOlderBase(tag, now));
  const usable = family.filter((tag) => isRelease(tag) || earlyLineOf(tag, image) === early);
  const within = usable.filter((tag) => isWithin(tag, now, policy));
  const allowed = within.filter(allows);
  const tag = best(allowed.filter(isRelease)) ?? best(allowed);
  if (tag !== null) return { kind: 'newer', tag };
  const variants = later.filter((tag) => isRelease(tag) && allows(tag) && isVariant(tag, now));
  const near = variants.filter((tag) => isWithin(tag, now, policy));
  const candidates: Record<Exclusion, Tag | null> = {
    ignored: best(within),
    // only the registry knows how old an image is
    young: null,
    policy: best(usable.filter(isRelease)),
    'pre-release': best(family),
    words: newestVersion(near) ?? newestVersion(variants),
  };
  const by = EXCLUSIONS.find((exclusion) => candidates[exclusion] !== null);
  const excluded = by === undefined ? null : candidates[by];
  return { kind: 'newest', excluded: by === undefined || excluded === null ? null : { by, tag: excluded } };
}

/** Whether a newer version stands before other versions of the same words: a wish for them could lead there. */
function isVariant(tag: Tag, now: Tag): boolean {
  const { replaced } = replaceWords(now.suffix, tag.suffix);
  return (
    compareVersions(tag, now) > 0 && now.suffix.length === tag.suffix.length && replaced === now.suffix.length
  );
}

function isLater(tag: Tag, now: Tag): boolean {
  return compareVersions(tag, now) > 0 || (compareVersions(tag, now) === 0 && compareTags(tag, now) > 0);
}

/** The tag of a version that is named, whatever the policy says. */
function wishedTag(now: Tag, all: readonly Tag[], wish: { to: string } & TagRules): NewerTag {
  const { to, image = '', allows = () => true } = wish;
  const wished = readTag(to);
  if (wished === null) return { kind: 'no-such-version' };
  const { parts, replaced } = replaceWords(now.suffix, wished.suffix);
  if (wished.suffix.length > 0 && replaced === 0 && wished.suffix.some(({ word }) => word !== ''))
    return { kind: 'no-such-version' };
  const target: Tag = { ...now, suffix: parts };
  const lines = [earlyLineOf(now, image), earlyLineOf(wished, image)];
  const meant = all.filter(allows).filter((tag) => {
    const line = earlyLineOf(tag, image);
    const isUsable = line === null || lines.includes(line) || wished.pre !== null;
    return (
      isUsable && familyOf(tag) === familyOf(target) && !hasOlderBase(tag, target) && isMeant(tag, wished)
    );
  });
  const exact = meant.find(({ text }) => text === to) ?? null;
  const tag =
    exact ?? best(meant.filter((candidate) => earlyLineOf(candidate, image) === null)) ?? best(meant);
  if (tag === null) return { kind: 'no-such-version' };
  return tag.text === now.text ? { kind: 'newest', excluded: null } : { kind: 'newer', tag };
}

/**
 * The newest; of equal ones, `1.02` and `1.2`, the first in byte order, so that the registry's order does not matter.
 */
function best(tags: readonly Tag[]): Tag | null {
  return reduced(tags, compareTags);
}

/** Of tags of several families: by their versions, then in byte order. */
function newestVersion(tags: readonly Tag[]): Tag | null {
  return reduced(tags, compareVersions);
}

function reduced(tags: readonly Tag[], compare: (a: Tag, b: Tag) => number): Tag | null {
  const [first, ...rest] = tags;
  if (first === undefined) return null;
  return rest.reduce((chosen, other) => {
    const order = compare(other, chosen);
    return order > 0 || (order === 0 && other.text < chosen.text) ? other : chosen;
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
