import { isCompactDate, type SuffixPart } from './tag.ts';

/**
 * What the numbers of a part behind the version mean. `fixed`: the version of what a word names, `jdk17`,
 * `temurin-17`, which stays. `base`: that of a distribution whose later point releases take the place of earlier ones.
 * `count`: how often this version was built. `day`: when it was built.
 */
export type Role = 'fixed' | 'base' | 'count' | 'day';

/** Distributions that keep their interfaces within the first number of their version. */
const POINT_RELEASES: ReadonlySet<string> = new Set([
  'alpine',
  'almalinux',
  'debian',
  'oraclelinux',
  'rockylinux',
  'ubi',
]);

/** Words and letters that count builds: bitnami's `r`, Java's `b`, linuxserver's `ls`, Rancher's `k3s` and `rke2r`. */
const COUNTERS: ReadonlySet<string> = new Set([
  ...['b', 'p', 'r', 'u', 'ls', 'k3s', 'rke2r'],
  ...['build', 'hotfix', 'patch', 'post', 'rel', 'release', 'rev', 'revision'],
]);

/** Code names of releases of a distribution; those of one line take each other's place where the user wants that. */
const CODE_NAMES: readonly string[] = [
  'jessie|stretch|buster|bullseye|bookworm|trixie|forky|duke|sid',
  'trusty|xenial|bionic|cosmic|disco|eoan|focal|groovy|hirsute|impish|jammy|kinetic|lunar|mantic|noble|oracular|plucky|questing|resolute',
];

/**
 * The roles of the numbers of all parts, `fixed` where a part has none. `isFull`: the version before them is a whole
 * one.
 */
export function rolesOf(parts: readonly SuffixPart[], isFull: boolean): Role[] {
  return parts.map((part, at) => roleOf(part, parts[at - 1], isFull));
}

function roleOf(
  { separator, word, numbers }: SuffixPart,
  before: SuffixPart | undefined,
  isFull: boolean,
): Role {
  const [first, ...more] = numbers;
  if (first === undefined) return 'fixed';
  if (more.length === 0 && isCompactDate(String(first))) return 'day';
  if (word !== '') return named(word, numbers);
  // a number alone is the version of the word before it; behind the version itself it counts its builds
  if (before === undefined) return more.length === 0 && (isFull || separator === '_') ? 'count' : 'fixed';
  return before.numbers.length === 0 ? named(before.word, numbers) : 'fixed';
}

function named(word: string, numbers: readonly number[]): Role {
  const name = word.toLowerCase().replace(/\.$/, '');
  if (COUNTERS.has(name)) return 'count';
  return POINT_RELEASES.has(name) && numbers.length > 1 ? 'base' : 'fixed';
}

/**
 * Words behind a version with some of them replaced: each wanted part takes the place of the part that is the same
 * word with another version (`jdk21` that of `jdk17`), or another code name of the same distribution. What has no
 * such part changes nothing. `replaced` counts the wanted parts that have one.
 */
export function replaceWords(
  parts: readonly SuffixPart[],
  wanted: readonly SuffixPart[],
): { readonly parts: readonly SuffixPart[]; readonly replaced: number } {
  const result = [...parts];
  let replaced = 0;
  for (const [index, part] of wanted.entries()) {
    const at = parts.findIndex((other, place) =>
      isSameKind(other, part, [parts[place - 1], wanted[index - 1]]),
    );
    if (at < 0) continue;
    replaced += 1;
    result[at] = { ...part, separator: result[at]?.separator ?? part.separator };
  }
  return { parts: result, replaced };
}

function isSameKind(
  a: SuffixPart,
  b: SuffixPart,
  [beforeA, beforeB]: readonly [SuffixPart | undefined, SuffixPart | undefined],
): boolean {
  if (a.word !== b.word) return lineOf(a.word) !== null && lineOf(a.word) === lineOf(b.word);
  if (a.numbers.length > 0 !== b.numbers.length > 0) return false;
  return a.word !== '' || beforeA?.word === beforeB?.word;
}

/** A tag whose first word is a code name with another of the same distribution; null where none of the words is. */
export function withCodeName(tag: string, words: readonly string[]): string | null {
  const [name = '', ...rest] = tag.split('-');
  const other = words.find((word) => lineOf(word) !== null && lineOf(word) === lineOf(name));
  return other === undefined ? null : [other, ...rest].join('-');
}

function lineOf(word: string): string | null {
  return CODE_NAMES.find((names) => names.split('|').includes(word)) ?? null;
}
