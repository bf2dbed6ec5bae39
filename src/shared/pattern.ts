/** A part of a pattern, over the characters (code points) of a text. */
export type PatternPart =
  /** One character that the test accepts. */
  | { readonly kind: 'one'; readonly accepts: CharacterTest }
  /** Any number of characters that the test accepts, also none. */
  | { readonly kind: 'many'; readonly accepts: CharacterTest }
  /** One of several sequences; an empty sequence makes the others optional. */
  | { readonly kind: 'either'; readonly ways: readonly (readonly PatternPart[])[] };

export type CharacterTest = (character: string) => boolean;

/** A compiled pattern. The time of each search is linear in the pattern's length times the text's length. */
export interface Pattern {
  /** Whether the pattern matches the whole text. */
  matches(text: string): boolean;
  /**
   * The leftmost match that begins at `from` or later, the longest or the shortest of those that begin there; offsets
   * in UTF-16 code units. With `anchored` only a match that begins at `from` counts.
   */
  find(text: string, options?: FindOptions): PatternMatch | null;
}

export type FindOptions = {
  readonly from?: number;
  readonly anchored?: boolean;
  readonly shortest?: boolean;
};

export type PatternMatch = { readonly start: number; readonly end: number };

/** Every character. */
export const anyCharacter: CharacterTest = () => true;
/** Every character of a name in a path. */
export const nameCharacter: CharacterTest = (character) => character !== '/';

export function single(accepts: CharacterTest): PatternPart {
  return { kind: 'one', accepts };
}

export function many(accepts: CharacterTest): PatternPart {
  return { kind: 'many', accepts };
}

export function either(...ways: (readonly PatternPart[])[]): PatternPart {
  return { kind: 'either', ways };
}

/** Just this character. Patterns share its part: a file of a megabyte of them takes a hundred otherwise. */
export function character(wanted: string): PatternPart {
  const part = CHARACTERS.get(wanted) ?? single((given) => given === wanted);
  if (wanted.length === 1) CHARACTERS.set(wanted, part);
  return part;
}

/** At most one for each UTF-16 code unit. */
const CHARACTERS = new Map<string, PatternPart>();

/**
 * Compiles a pattern to an automaton that is in all its states at once (Thompson, Regular Expression Search Algorithm,
 * CACM 11/6, 1968): no text makes it go back, as a regular expression of JavaScript would.
 */
export function compilePattern(parts: readonly PatternPart[]): Pattern {
  const program: Instruction[] = [];
  emit(parts, program);
  program.push({ kind: 'end' });
  const ends = fixedEndsOf(parts);
  return {
    matches: (text) => mayMatch(ends, text) && matchesWhole(program, text),
    find: (text, options = {}) => findIn(program, text, options),
  };
}

/** The tests of the characters that each match begins and ends with. */
type FixedEnds = { readonly first: readonly CharacterTest[]; readonly last: readonly CharacterTest[] };

function fixedEndsOf(parts: readonly PatternPart[]): FixedEnds {
  const isOne = parts.map(({ kind }) => kind === 'one');
  const first = isOne.includes(false) ? isOne.indexOf(false) : parts.length;
  const last = isOne.lastIndexOf(false) + 1;
  const testsOf = (some: readonly PatternPart[]) =>
    some.flatMap((part) => (part.kind === 'one' ? [part.accepts] : []));
  return { first: testsOf(parts.slice(0, first)), last: testsOf(parts.slice(last)).reverse() };
}

/** A first look, which most texts fail: it takes no automaton, and few characters. */
function mayMatch({ first, last }: FixedEnds, text: string): boolean {
  let at = 0;
  for (const accepts of first) {
    if (at >= text.length) return false;
    const given = String.fromCodePoint(text.codePointAt(at) as number);
    if (!accepts(given)) return false;
    at += given.length;
  }
  let end = text.length;
  for (const accepts of last) {
    if (end <= 0) return false;
    const isPair = end > 1 && (text.codePointAt(end - 2) as number) > 0xffff;
    const given = text.slice(isPair ? end - 2 : end - 1, end);
    if (!accepts(given)) return false;
    end -= given.length;
  }
  return true;
}

type Instruction =
  | { readonly kind: 'one'; readonly accepts: CharacterTest }
  /** Stays for each accepted character, and always goes on as well. */
  | { readonly kind: 'many'; readonly accepts: CharacterTest }
  | { readonly kind: 'fork'; readonly targets: number[] }
  | { readonly kind: 'jump'; target: number }
  | { readonly kind: 'end' };

function emit(parts: readonly PatternPart[], program: Instruction[]): void {
  for (const part of parts) {
    if (part.kind !== 'either') {
      program.push(part);
      continue;
    }
    const targets: number[] = [];
    const jumps: { kind: 'jump'; target: number }[] = [];
    program.push({ kind: 'fork', targets });
    for (const way of part.ways) {
      targets.push(program.length);
      emit(way, program);
      const jump = { kind: 'jump' as const, target: 0 };
      jumps.push(jump);
      program.push(jump);
    }
    for (const jump of jumps) jump.target = program.length;
  }
}

/** The states that an automaton is in, each with the offset where its match began. */
class States {
  readonly #program: readonly Instruction[];
  readonly #starts: Int32Array;
  #active: number[] = [];
  /** Where the match began that is at the end of the pattern; -1 where there is none. */
  ended = -1;

  constructor(program: readonly Instruction[]) {
    this.#program = program;
    this.#starts = new Int32Array(program.length).fill(-1);
  }

  get isEmpty(): boolean {
    return this.#active.length === 0;
  }

  clear(): void {
    for (const state of this.#active) this.#starts[state] = -1;
    this.#active = [];
    this.ended = -1;
  }

  /** Enters a state and all that follow it without a character; the first to enter began leftmost. */
  enter(first: number, start: number): void {
    const todo = [first];
    while (todo.length > 0) {
      const state = todo.pop() as number;
      if (this.#starts[state] !== -1) continue;
      this.#starts[state] = start;
      this.#active.push(state);
      const instruction = this.#program[state] as Instruction;
      if (instruction.kind === 'end') this.ended = start;
      else if (instruction.kind === 'jump') todo.push(instruction.target);
      else if (instruction.kind === 'many') todo.push(state + 1);
      else if (instruction.kind === 'fork') for (const target of instruction.targets) todo.push(target);
    }
  }

  /** Takes one character: `next` becomes what follows. Matches that began after `latest` are given up. */
  advance(given: string, next: States, latest: number): void {
    const starts = this.#starts;
    // where two matches meet, the match that began further left continues: states are in the order of their starts
    for (const state of this.#active) {
      const start = starts[state] as number;
      if (start > latest) continue;
      const instruction = this.#program[state] as Instruction;
      if (instruction.kind === 'one' && instruction.accepts(given)) next.enter(state + 1, start);
      else if (instruction.kind === 'many' && instruction.accepts(given)) next.enter(state, start);
    }
  }
}

function matchesWhole(program: readonly Instruction[], text: string): boolean {
  let now = new States(program);
  let next = new States(program);
  now.enter(0, 0);
  for (const given of text) {
    if (now.isEmpty) return false;
    next.clear();
    now.advance(given, next, 0);
    [now, next] = [next, now];
  }
  return now.ended !== -1;
}

function findIn(program: readonly Instruction[], text: string, options: FindOptions): PatternMatch | null {
  const { from = 0, anchored = false, shortest = false } = options;
  let now = new States(program);
  let next = new States(program);
  let found: PatternMatch | null = null;
  for (let at = from; ; ) {
    if (found === null && (!anchored || at === from)) now.enter(0, at);
    if (now.ended !== -1 && (found === null || now.ended <= found.start)) {
      found = { start: now.ended, end: at };
      if (shortest) return found;
    }
    if (at >= text.length || now.isEmpty) return found;
    const given = String.fromCodePoint(text.codePointAt(at) as number);
    next.clear();
    now.advance(given, next, found?.start ?? Number.POSITIVE_INFINITY);
    [now, next] = [next, now];
    at += given.length;
  }
}
