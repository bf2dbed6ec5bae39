import { maskTimes } from './volatile.ts';

/**
 * What a part of a word may hold that differs from run to run. A moment is one too, and is masked before words are
 * looked at, see `maskTimes`.
 */
const HOLES = {
  uuid: /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/i,
  // 250ms, 1m30s, 2d 4h: what Go, systemd and haproxy print of an uptime
  duration:
    /(?:\d{1,9}d)?(?:\d{1,9}h)?(?:\d{1,9}m(?!s))?\d{1,9}(?:\.\d{1,9})?(?:ms|us|µs|ns|s|m|h|d)(?![A-Za-z])/,
  // 1,234,567 and 1'234 too
  decimal: /(?:\d{1,3}(?:[,'’_]\d{3}){1,9}|\d{1,30})(?:\.\d{1,30})?(?![A-Za-z\d])/,
  hex: /(?:0x)?[\da-f]{6,128}(?![\dA-Za-z])/i,
  base64: /[\w+/-]{16,512}={0,2}/,
} as const;

type HoleKind = keyof typeof HOLES;

/** A part of a word of a text: itself, and the kinds of holes that it could be in. */
type Part = { readonly text: string; readonly kinds: readonly HoleKind[] };

/** A word of a template: its text where it stays as it is, else its parts. */
type Word = string | readonly TemplatePart[];
type TemplatePart = Part | Hole;
/**
 * `kinds`: what all answers so far have been, the hole's kind first. `length`: of all answers so far; null where it
 * varies, as that of a number that grows does.
 */
type Hole = { readonly kinds: readonly [HoleKind, ...HoleKind[]]; readonly length: number | null };

/** A text with holes: what the runs of one app agree on, line by line and word by word. */
export type AnswerTemplate = { readonly lines: readonly (readonly Word[])[] };

/** More holes than one word in three, and a template would hold no page fast. */
const MOST_HOLES = 1 / 3;

/** The template of one answer, which has no hole. */
export function templateOf(text: string): AnswerTemplate {
  return { lines: wordsOf(text) };
}

/**
 * A template that holds another answer of the same app as well; null where there is none: the lines or words differ in
 * number, a word varies other than by a number, an id, a moment or a duration, or too many do.
 */
export function widenTemplate(template: AnswerTemplate, text: string): AnswerTemplate | null {
  const lines = pairUp(template.lines, wordsOf(text), (line, other) => pairUp(line, other, widenWord));
  if (lines === null) return null;
  const all = lines.flat();
  const holes = all.filter((word) => typeof word !== 'string').length;
  return holes > all.length * MOST_HOLES ? null : { lines };
}

/** Whether an answer is what a template says: its lines, its words, and in each hole something of its kind. */
export function matchesTemplate({ lines }: AnswerTemplate, text: string): boolean {
  const seen = wordsOf(text);
  if (seen.length !== lines.length) return false;
  return lines.every((line, at) => {
    const words = seen[at] as string[];
    return words.length === line.length && line.every((word, index) => fits(word, words[index] as string));
  });
}

/** For people: the template with `<kind>` in each hole. */
export function showTemplate({ lines }: AnswerTemplate): string {
  const shown = (word: Word) =>
    typeof word === 'string'
      ? word
      : word.map((part) => ('text' in part ? part.text : `<${part.kinds[0]}>`)).join('');
  return lines.map((line) => line.map(shown).join(' ')).join('\n');
}

/**
 * What groups the digits of a number without being part of it: spaces that do not break, and the element that haproxy
 * sets the leading groups in, `<span class="rls">1</span>234`. A number that passes a thousand would else be two words.
 */
const GROUPING =
  /(?<=(?<!\d)\d{1,3})(?:[\u00a0\u2009\u202f]|&nbsp;|&thinsp;|&#(?:160|8201|8239);)(?=\d{3}(?!\d))/g;
const MARKED_GROUPS = /<(\w{1,9})(?: [^<>]{0,99})?>(\d{1,12})<\/\1>(?=(?:\d{3})+(?!\d))/g;

function joinDigits(text: string): string {
  const marked = text.replace(MARKED_GROUPS, '$2');
  return marked === text ? text.replace(GROUPING, '') : joinDigits(marked);
}

/** The words of each line; how much white space is between them says nothing, since columns are padded. */
function wordsOf(text: string): string[][] {
  const lines = joinDigits(maskTimes(text)).split('\n');
  return lines.map((line) => line.split(/\s/).filter((word) => word !== ''));
}

function pairUp<Item, Other, Pair>(
  some: readonly Item[],
  others: readonly Other[],
  pair: (a: Item, b: Other) => Pair | null,
): Pair[] | null {
  if (some.length !== others.length) return null;
  const pairs: Pair[] = [];
  for (const [at, item] of some.entries()) {
    const made = pair(item, others[at] as Other);
    if (made === null) return null;
    pairs.push(made);
  }
  return pairs;
}

function widenWord(word: Word, other: string): Word | null {
  if (word === other) return word;
  return pairUp(typeof word === 'string' ? partsOf(word) : word, partsOf(other), widenPart);
}

function widenPart(part: TemplatePart, { text, kinds }: Part): TemplatePart | null {
  if ('text' in part && part.text === text) return part;
  const length = 'text' in part ? part.text.length : part.length;
  const isAsLong = length === text.length;
  const [kind, ...others] = part.kinds.filter(
    (candidate) => kinds.includes(candidate) && (isAsLong || !isSized(candidate)),
  );
  return kind === undefined ? null : { kinds: [kind, ...others], length: isAsLong ? length : null };
}

/** Ids have a fixed length; numbers and durations grow. */
function isSized(kind: HoleKind): boolean {
  return kind === 'hex' || kind === 'base64';
}

function fits(word: Word, seen: string): boolean {
  if (typeof word === 'string') return word === seen;
  const parts = partsOf(seen);
  return parts.length === word.length && word.every((part, at) => fitsPart(part, parts[at] as Part));
}

function fitsPart(part: TemplatePart, { text, kinds }: Part): boolean {
  if ('text' in part) return part.text === text;
  const [kind] = part.kinds;
  return kinds.includes(kind) && (!isSized(kind) || part.length === text.length);
}

/** Each kind where it stands at a place of a word, and as the whole of a part. */
const PATTERNS = Object.entries(HOLES).map(([kind, { source, flags }]) => ({
  kind: kind as HoleKind,
  here: new RegExp(source, `${flags}y`),
  whole: new RegExp(`^(?:${source})$`, flags),
}));

/** A word cut at what could be a hole; what is between stays. */
function partsOf(word: string): Part[] {
  const parts: Part[] = [];
  let begun = 0;
  const fixed = (end: number) => {
    if (end > begun) parts.push({ text: word.slice(begun, end), kinds: [] });
  };
  for (let at = 0; at < word.length; ) {
    const text = holeAt(word, at);
    if (text === '') {
      at += 1;
      continue;
    }
    fixed(at);
    parts.push({ text, kinds: kindsOf(text) });
    at += text.length;
    begun = at;
  }
  fixed(word.length);
  return parts;
}

/** The longest hole that could begin here, empty for none. Behind a letter or digit only a number begins: `page3`. */
function holeAt(word: string, at: number): string {
  const isInside = at > 0 && /[A-Za-z\d]/.test(word.charAt(at - 1));
  let longest = '';
  for (const { kind, here } of PATTERNS) {
    if (isInside && kind !== 'decimal' && kind !== 'duration') continue;
    here.lastIndex = at;
    const [text = ''] = here.exec(word) ?? [];
    if (text.length > longest.length && isPlausible(kind, text)) longest = text;
  }
  return longest;
}

function kindsOf(text: string): HoleKind[] {
  return PATTERNS.flatMap(({ kind, whole }) => (whole.test(text) && isPlausible(kind, text) ? [kind] : []));
}

/** Letters alone are a word of a language, and no id. */
function isPlausible(kind: HoleKind, text: string): boolean {
  return !isSized(kind) || /\d/.test(text);
}
