/**
 * A tag with a version in it, taken apart without loss: `7.2.4-bookworm`, `v1.2`, `3.13.0rc2-slim`,
 * `1.25.3-alpine3.18-perl`, `bookworm-20240110`. Tags are only compared, never made up.
 */
export type Tag = {
  readonly text: string;
  /** What stands before the version: empty, `v`, `bookworm-`, `RELEASE.`. */
  readonly prefix: string;
  /** The version as it is written, without what is early or behind it: `7.2.4`, `22.04`, `8u392`. */
  readonly version: string;
  /** The parts of the version, at least one: of a date its year, month and day; of `8u392` 8, 0 and 392. */
  readonly numbers: readonly [number, ...number[]];
  /** The separator of its parts for a date, empty where there is none; null where the version is no date. */
  readonly date: '' | '-' | '.' | null;
  /** null for what is released. */
  readonly pre: PreRelease | null;
  readonly suffix: readonly SuffixPart[];
};

/** `rc2`, `-beta.1`: ordered by its rank, then by its numbers. Without numbers, `rc`, the tag floats. */
export type PreRelease = { readonly rank: number; readonly numbers: readonly number[] };

/** One part behind the version: `-alpine3.18` is `-`, `alpine` and 3.18; `_9` is `_`, nothing and 9. */
export type SuffixPart = {
  readonly separator: string;
  readonly word: string;
  readonly numbers: readonly number[];
};

/** Kinds of pre-releases, the earliest first; those of one line are the same. */
const PRE_RELEASES: readonly string[] = [
  'dev|snapshot|nightly|canary|unstable',
  'alpha',
  'beta',
  'preview|pre|ea|milestone|m',
  'rc|cr',
];

/** Words before the version, each with its separator: `bookworm-`, `RELEASE.`, `pg16-`; then the version. */
const VERSION = /^((?:[a-z]+[-_.]|[a-z]{2,}\d[\d.]*[-_])*v?)(\d+(?:\.\d+)*)(.*)$/i;
/** What follows a year in a date that is written with dashes, with the time of day where it has that. */
const DASHED_DATE = /^-(\d\d)-(\d\d)(?:T(\d\d)-(\d\d)-(\d\d)Z)?(?![\d.])(.*)$/;
/** Java's scheme up to 8: `8u392` is update 392 of version 8. */
const UPDATE = /^u(\d{1,9})(?=$|[-_])(.*)$/i;
/** What JBoss and its kin write behind each released version: `27.0.0.Final`. */
const RELEASED = /^\.(?:final|ga|release)(?=$|[-_])/i;
const PRE = new RegExp(`^[-._]?(${PRE_RELEASES.join('|')})[-._]?(\\d+(?:\\.\\d+)*)?(?=$|[-_])(.*)$`, 'i');
/** Python's own: only behind the version itself, since elsewhere a letter may mean anything. */
const SHORT_PRE = /^([ab])(\d+)(?=$|[-_])(.*)$/i;
/** A commit by its hash, as git shortens it; digits alone are a number. */
const COMMIT = /^(?!\d+$)[\da-f]{7,40}$/;
/** Numbers that a `number` holds. */
const MAX_DIGITS = 15;

/** Reads a tag; null where it has no version: `latest`, `bookworm`, a commit's hash. */
export function readTag(text: string): Tag | null {
  const [, prefix, version, behind] = VERSION.exec(text) ?? [];
  if (prefix === undefined || version === undefined || behind === undefined || COMMIT.test(text)) return null;
  if (version.split('.').some((part) => part.length > MAX_DIGITS)) return null;
  const { written, numbers, date, rest } = readNumbers(version, behind);
  const { pre, rest: end } = readPreRelease(rest);
  const suffix = readSuffix(end.replace(RELEASED, ''));
  return suffix === null ? null : { text, prefix, version: written, numbers, date, pre, suffix };
}

type Numbers = Pick<Tag, 'numbers' | 'date'> & { readonly written: string; readonly rest: string };

function readNumbers(version: string, behind: string): Numbers {
  const [dashed, month, day, ...more] = DASHED_DATE.exec(behind) ?? [];
  if (dashed !== undefined && isDay(version, month, day)) {
    const rest = more.pop() ?? '';
    const time = more.filter((part) => part !== undefined);
    const numbers: Tag['numbers'] = [Number(version), Number(month), Number(day), ...time.map(Number)];
    const written = version + behind.slice(0, behind.length - rest.length);
    return { written, numbers, date: '-', rest };
  }
  const [, update, rest = ''] = UPDATE.exec(behind) ?? [];
  if (update !== undefined && !version.includes('.')) {
    const numbers: Tag['numbers'] = [Number(version), 0, Number(update)];
    return {
      written: `${version}${behind.slice(0, behind.length - rest.length)}`,
      numbers,
      date: null,
      rest,
    };
  }
  const parts = version.split('.');
  const numbers = parts.map(Number) as [number, ...number[]];
  return { written: version, numbers, date: dateOf(parts), rest: behind };
}

/** `20240110`, with a time or a count behind it, or `2024.01.10`; without any nought the latter may be a version. */
function dateOf(parts: readonly string[]): Tag['date'] {
  const [first = ''] = parts;
  if (isCompactDate(first)) return '';
  return parts.length === 3 && isDay(...parts) && parts.some((part) => part.startsWith('0')) ? '.' : null;
}

/** Whether digits are a year, a month and a day, and maybe a time of that day. */
export function isCompactDate(digits: string): boolean {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)(?:\d{4}|\d{6})?$/.exec(digits) ?? [];
  return isDay(year, month, day);
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
    const [, word = part, numbers] = /^(.*?[^\d.]\.?|)(\d{1,15}(?:\.\d{1,15})*)$/.exec(part) ?? [];
    return { separator, word, numbers: numbers === undefined ? [] : numbers.split('.').map(Number) };
  });
}
