import type { CharacterTest } from './pattern.ts';

export type BracketsOptions = {
  /** The characters that negate a set where they stand first: `^` in Go, `!^` in a shell. */
  readonly negations: string;
  /** Whether a `]` that stands first is a member, as POSIX has it; else the set is malformed. */
  readonly closesLate: boolean;
};

/** A set in brackets, and the offset behind it. */
export type Brackets = { readonly accepts: CharacterTest; readonly next: number };

/** POSIX's classes, of ASCII characters. */
const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[a-z0-9]/i,
  alpha: /[a-z]/i,
  blank: /[ \t]/,
  cntrl: /\p{Cc}/u,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\r\n\v\f]/,
  upper: /[A-Z]/,
  xdigit: /[0-9a-f]/i,
};

const LONGEST_CLASS = '[:xdigit:]'.length;

/**
 * Reads `[a-z]` from the `[` at `open`: members, ranges, `[:digit:]`, and a backslash before a character that stands
 * for itself. null where the set is empty, is not closed, or has a range from high to low.
 */
export function readBrackets(
  characters: readonly string[],
  open: number,
  { negations, closesLate }: BracketsOptions,
): Brackets | null {
  let at = open + 1;
  const negated = at < characters.length && negations.includes(characters[at] as string);
  if (negated) at += 1;
  const first = at;
  const tests: CharacterTest[] = [];
  const singles = new Set<string>();
  while (at < characters.length) {
    if (characters[at] === ']' && (at > first || !closesLate)) {
      if (at === first) return null;
      const inside: CharacterTest = (given) => singles.has(given) || tests.some((test) => test(given));
      return { accepts: negated ? (given) => !inside(given) : inside, next: at + 1 };
    }
    const named = classAt(characters, at);
    if (named !== undefined) {
      tests.push(named.accepts);
      at = named.next;
      continue;
    }
    const low = memberAt(characters, at);
    at = low.next;
    if (characters[at] !== '-' || at + 1 >= characters.length || characters[at + 1] === ']') {
      singles.add(low.text);
      continue;
    }
    const high = memberAt(characters, at + 1);
    const [from, to] = [low.text.codePointAt(0) as number, high.text.codePointAt(0) as number];
    if (from > to) return null;
    at = high.next;
    tests.push((given) => {
      const code = given.codePointAt(0) as number;
      return from <= code && code <= to;
    });
  }
  return null;
}

function memberAt(characters: readonly string[], at: number): { text: string; next: number } {
  const escaped = characters[at] === '\\' && at + 1 < characters.length;
  return { text: characters[escaped ? at + 1 : at] as string, next: at + (escaped ? 2 : 1) };
}

function classAt(characters: readonly string[], at: number): Brackets | undefined {
  if (characters[at] !== '[' || characters[at + 1] !== ':') return undefined;
  const text = characters.slice(at, at + LONGEST_CLASS).join('');
  const name = /^\[:([a-z]{5,6}):\]/.exec(text)?.[1] ?? '';
  const expression = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (expression === undefined) return undefined;
  return { accepts: (given) => expression.test(given), next: at + name.length + 4 };
}
