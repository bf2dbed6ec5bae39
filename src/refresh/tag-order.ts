import { rolesOf } from './suffix.ts';
import type { PreRelease, SuffixPart, Tag } from './tag.ts';

/**
 * Tags of one family differ in their version, in how often or when it was built, and in the later numbers of a
 * distribution's point release (`alpine3.18`) alone: the form of the version and the words behind it are the same.
 */
export function familyOf(tag: Tag): string {
  return [...formOf(tag), ...variantOf(tag)].join(' ');
}

/** Whether two tags write their versions in the same form, whatever stands behind them. */
export function isSameForm(a: Tag, b: Tag): boolean {
  return formOf(a).join(' ') === formOf(b).join(' ');
}

/** What stands before the version, and what separates its parts; of digits in a row that are a date how many. */
function formOf({ prefix, version, date }: Tag): string[] {
  return [prefix, version.replace(/\d+/g, '#'), date === '' ? String(version.length) : ''];
}

function variantOf(tag: Tag): string[] {
  const roles = rolesOf(tag.suffix, isFull(tag));
  return tag.suffix.map(({ separator, word, numbers }, at) => {
    const role = roles[at];
    if (role === 'base') return `${separator}${word}#${numbers.length}#${numbers[0]}`;
    return `${separator}${word}${role === 'fixed' ? numbers.join('.') : `#${role}#${numbers.length}`}`;
  });
}

/** Whether a number behind the version can only count its builds. */
function isFull({ numbers, date }: Tag): boolean {
  return numbers.length > 2 || date !== null;
}

/** Orders tags of one family: by version, pre-releases first, then by what their words have for versions. */
export function compareTags(a: Tag, b: Tag): number {
  return compareVersions(a, b) || compareNumbers(a.suffix.flatMap(numbersOf), b.suffix.flatMap(numbersOf));
}

/** Orders versions alone, whatever stands behind them. */
export function compareVersions(a: Pick<Tag, 'numbers' | 'pre'>, b: Pick<Tag, 'numbers' | 'pre'>): number {
  return compareNumbers(a.numbers, b.numbers) || comparePre(a.pre, b.pre);
}

/**
 * Whether `a` stands on an older point release of its distribution than `b` of the same family, or was built before.
 */
export function hasOlderBase(a: Tag, b: Tag): boolean {
  const roles = rolesOf(a.suffix, isFull(a));
  return a.suffix.some(({ numbers }, at) => {
    const isBase = roles[at] === 'base' || roles[at] === 'day';
    return isBase && compareNumbers(numbers, b.suffix[at]?.numbers ?? []) < 0;
  });
}

function numbersOf({ numbers }: SuffixPart): readonly number[] {
  return numbers;
}

function comparePre(a: PreRelease | null, b: PreRelease | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a.rank - b.rank || compareNumbers(a.numbers, b.numbers);
}

export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? -1) - (b[at] ?? -1);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
