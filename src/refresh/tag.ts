/**
 * A tag with a version in it, taken apart without loss: `7.2.4-bookworm`, `v1.2`, `3.13.0rc2-slim`,
 * `1.25.3-alpine3.18-perl`, `bookworm-20240110`. Tags are only compared, never made up.
 */
export type Tag = {
  readonly text: string;
  /** What stands before the version: empty, `v`, `bookworm-`. */
  readonly prefix: string;
  /** The version as it is written, without what is early or behind it: `7.2.4`, `22.04`. */
  readonly version: string;
  /** The parts of the version, one at least; of a date its year, month and day, or the one number that it is. */
  readonly numbers: readonly [number, ...number[]];
  /** The separator of its parts for a date, empty where there is none; null where the version is no date. */
  readonly date: '' | '-' | '.' | null;
  /** null for what is released. */
  readonly pre: PreRelease | null;
  readonly suffix: readonly SuffixPart[];
};

/** `rc2`, `-beta.1`: ordered by its rank, then by its numbers. */
type PreRelease = { readonly rank: number; readonly numbers: readonly number[] };

/** One part behind the version: `-alpine3.18` is `-`, `alpine` and 3.18; `_9` is `_`, nothing and 9. */
type SuffixPart = { readonly separator: string; readonly word: string; readonly numbers: readonly number[] };

/** Kinds of pre-releases, the earliest first; those of one line are the same. */
const PRE_RELEASES: readonly string[] = [
  'dev|snapshot|nightly|canary|unstable',
  'alpha',
  'beta',
  'preview|pre|ea|milestone|m',
  'rc|cr',
];

const VERSION = /^((?:[a-z]+[-_])*v?)(\d+(?:\.\d+)*)(.*)$/i;
/** What follows a year in a date that is written with dashes. */
const DASHED_DATE = /^-(\d\d)-(\d\d)(?![\d.])(.*)$/;
const PRE = new RegExp(`^[-._]?(${PRE_RELEASES.join('|')})[-._]?(\\d+(?:\\.\\d+)*)?(?=$|[-_])(.*)$`, 'i');
/** Python's own: only behind the version itself, since elsewhere a letter may mean anything. */
const SHORT_PRE = /^([ab])(\d+)(?=$|[-_])(.*)$/i;
/** Numbers that a `number` holds. */
const MAX_DIGITS = 15;

/** Reads a tag; null where it has no version: `latest`, `bookworm`, a commit's hash. */
export function readTag(text: string): Tag | null {
  const [, prefix, version, behind] = VERSION.exec(text) ?? [];
  if (prefix === undefined || version === undefined || behind === undefined) return null;
  if (version.split('.').some((part) => part.length > MAX_DIGITS)) return null;
  const { written, numbers, date, rest } = readNumbers(version, behind);
  const { pre, rest: end } = readPreRelease(rest);
  const suffix = readSuffix(end);
  return suffix === null ? null : { text, prefix, version: written, numbers, date, pre, suffix };
}

type Numbers = Pick<Tag, 'numbers' | 'date'> & { readonly written: string; readonly rest: string };

function readNumbers(version: string, behind: string): Numbers {
  const [, month, day, rest = ''] = DASHED_DATE.exec(behind) ?? [];
  if (month !== undefined && isDay(version, month, day)) {
    const numbers: Tag['numbers'] = [Number(version), Number(month), Number(day)];
    return { written: `${version}-${month}-${day}`, numbers, date: '-', rest };
  }
  const parts = version.split('.');
  const numbers = parts.map(Number) as [number, ...number[]];
  const [, year, ...compact] = /^(\d{4})(\d\d)(\d\d)$/.exec(version) ?? [];
  const common = { written: version, numbers, rest: behind };
  if (year !== undefined && isDay(year, ...compact)) return { ...common, date: '' };
  return { ...common, date: parts.length === 3 && isDay(...parts) ? '.' : null };
}

function isDay(year = '', month = '', day = ''): boolean {
  const isYear = /^(?:19|20)\d\d$/.test(year);
  return isYear && Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
}

function readPreRelease(text: string): { pre: PreRelease | null; rest: string } {
  const short = SHORT_PRE.exec(text);
  const [, name, numbers = '', rest = ''] = short ?? PRE.exec(text) ?? [];
  if (name === undefined) return { pre: null, rest: text };
  const kind = name.toLowerCase();
  const rank =
    short === null
      ? PRE_RELEASES.findIndex((names) => names.split('|').includes(kind))
      : kind === 'a'
        ? 1
        : 2;
  return { pre: { rank, numbers: numbers === '' ? [] : numbers.split('.').map(Number) }, rest };
}

/** null where what follows the version belongs to it: it is no version then, but a hash. */
function readSuffix(text: string): SuffixPart[] | null {
  if (text !== '' && !/^[-_]/.test(text)) return null;
  return [...text.matchAll(/([-_])([^-_]*)/g)].map(([, separator = '', part = '']) => {
    const [, word = part, numbers] = /^(.*?[^\d.]|)(\d{1,15}(?:\.\d{1,15})*)$/.exec(part) ?? [];
    return { separator, word, numbers: numbers === undefined ? [] : numbers.split('.').map(Number) };
  });
}

/**
 * Tags of one family differ in their numbers alone: the same parts of a version, the same words behind it. Of a word
 * with a version of two parts or more, `alpine3.18`, the first one is a word of its own.
 */
export function familyOf({ prefix, numbers, date, suffix }: Tag): string {
  const parts = suffix.map(({ separator, word, numbers: own }) => {
    const fixed = own.length > 1 && isNamed(word) ? own[0] : '';
    return `${separator}${word}#${own.length}#${fixed}`;
  });
  return [prefix, numbers.length, date ?? '#', ...parts].join(' ');
}

/** Numbers behind a word are the version of something; behind a letter or nothing they count how often it was built. */
function isNamed(word: string): boolean {
  return word.length > 1;
}

/** Orders tags of one family: by version, pre-releases first, then by what their words have for versions. */
export function compareTags(a: Tag, b: Tag): number {
  return compareVersions(a, b) || compareNumbers(a.suffix.flatMap(numbersOf), b.suffix.flatMap(numbersOf));
}

/** Orders versions alone, whatever stands behind them. */
export function compareVersions(a: Pick<Tag, 'numbers' | 'pre'>, b: Pick<Tag, 'numbers' | 'pre'>): number {
  return compareNumbers(a.numbers, b.numbers) || comparePre(a.pre, b.pre);
}

/** Whether a word behind the version of `a` has an older version than that of `b`, of the same family. */
export function hasOlderBase(a: Tag, b: Tag): boolean {
  return a.suffix.some(({ word, numbers }, at) => {
    return isNamed(word) && compareNumbers(numbers, b.suffix[at]?.numbers ?? []) < 0;
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
