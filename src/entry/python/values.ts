import type { PythonLine, PythonToken } from './tokens.ts';

/** What is known of a value without a run of the program. */
export type PythonValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly PythonValue[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, PythonValue])[] }
  /** A number, `True`, `False` or `None`, as it is written. */
  | { readonly kind: 'plain'; readonly source: string }
  /** What a call returns, by the number that the scope gives the call. */
  | { readonly kind: 'call'; readonly call: number; readonly part: string }
  | { readonly kind: 'unknown' };

/** A call with its arguments; `name` is as it is written: `requests.get`. */
export type PythonCall = {
  readonly name: string;
  readonly positional: readonly PythonValue[];
  readonly named: ReadonlyMap<string, PythonValue>;
};

const UNKNOWN: PythonValue = { kind: 'unknown' };
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Words before a value that leave it as it is, or say nothing of it. */
const PREFIXES = new Set(['await', 'return', 'yield', 'with', 'if', 'elif', 'while', 'not', 'lambda']);

/** How deep brackets may lie in one another; no author goes a tenth as far. */
const MAX_DEPTH = 50;

export type PythonScope = {
  readonly valueOf: (name: string) => PythonValue | undefined;
  /** Says what a call returns. */
  readonly call: (call: PythonCall) => PythonValue;
};

/** Reads the values of a statement, from left to right. */
export class ValueReader {
  #at: number;
  #depth = 0;
  readonly #line: PythonLine;
  readonly #scope: PythonScope;

  constructor(line: PythonLine, scope: PythonScope, at = 0) {
    this.#line = line;
    this.#scope = scope;
    this.#at = at;
  }

  /** Where the next value begins. */
  get at(): number {
    return this.#at;
  }

  /**
   * The value of the expression up to a comma, a closing bracket, `=`, `:` or the end. Of `a or b` it is the second,
   * which a test takes where nothing is set; what is not understood is unknown, its calls are read all the same.
   */
  value(): PythonValue {
    let value = this.#operand();
    for (let token = this.#peek(); token !== undefined && !ends(token); token = this.#peek()) {
      this.#at += 1;
      const next = this.#operand();
      if (token.text === '+' && value.kind === 'text' && next.kind === 'text')
        value = { kind: 'text', text: value.text + next.text };
      else value = token.text === 'or' ? next : UNKNOWN;
    }
    return value;
  }

  #peek(): PythonToken | undefined {
    return this.#line[this.#at];
  }

  #operand(): PythonValue {
    let token = this.#peek();
    while (token?.kind === 'name' && PREFIXES.has(token.text)) {
      this.#at += 1;
      token = this.#peek();
    }
    if (token === undefined || ends(token)) return UNKNOWN;
    this.#at += 1;
    if (token.kind === 'text') return this.#trailers(this.#texts(token), '');
    if (token.kind === 'number') return { kind: 'plain', source: token.text };
    if (token.kind === 'mark')
      return CLOSING[token.text] === undefined ? UNKNOWN : this.#bracketed(token.text);
    if (['True', 'False', 'None'].includes(token.text)) return { kind: 'plain', source: token.text };
    return this.#trailers(this.#scope.valueOf(token.text) ?? UNKNOWN, token.text);
  }

  /** Texts one after another are one. */
  #texts(first: PythonToken): PythonValue {
    const parts = [first];
    for (let next = this.#peek(); next?.kind === 'text'; next = this.#peek()) {
      parts.push(next);
      this.#at += 1;
    }
    const texts = parts.map((part) =>
      part.kind === 'text' && part.isFormatted ? this.#formatted(part.text) : part.text,
    );
    return texts.includes(null) ? UNKNOWN : { kind: 'text', text: texts.join('') };
  }

  /** null where a part of it is not known. */
  #formatted(text: string): string | null {
    let isKnown = true;
    const filled = text.replace(/\{\{|\}\}|\{(\w+)\}|\{[^{}]*\}/g, (part, name: string | undefined) => {
      if (part === '{{' || part === '}}') return part.slice(1);
      const value = name === undefined ? undefined : this.#scope.valueOf(name);
      if (value?.kind === 'text') return value.text;
      if (value?.kind === 'plain') return value.source;
      isKnown = false;
      return '';
    });
    return isKnown ? filled : null;
  }

  #trailers(start: PythonValue, startName: string): PythonValue {
    let [value, name] = [start, startName];
    for (;;) {
      const token = this.#peek();
      if (token?.kind !== 'mark') return value;
      if (token.text === '.') {
        const attribute = this.#line[this.#at + 1]?.text ?? '';
        this.#at += 2;
        name = `${name}.${attribute}`;
        value = attributeOf(value, attribute);
      } else if (token.text === '(') {
        this.#at += 1;
        const { positional, named } = this.#arguments();
        value = isTextMethod(value, name) ? value : this.#scope.call({ name, positional, named });
      } else if (token.text === '[') {
        this.#at += 1;
        this.#bracketed('[');
        value = UNKNOWN;
      } else return value;
    }
  }

  #arguments(): Pick<PythonCall, 'positional' | 'named'> {
    const positional: PythonValue[] = [];
    const named = new Map<string, PythonValue>();
    this.#items(')', () => {
      const [name, equals] = [this.#peek(), this.#line[this.#at + 1]];
      if (name?.kind === 'name' && equals?.kind === 'mark' && equals.text === '=') {
        this.#at += 2;
        named.set(name.text, this.value());
      } else positional.push(this.value());
    });
    return { positional, named };
  }

  #bracketed(open: string): PythonValue {
    const items: PythonValue[] = [];
    const entries: [string, PythonValue][] = [];
    this.#items(CLOSING[open] ?? ')', () => {
      const item = this.value();
      const next = this.#peek();
      if (open !== '{' || next?.kind !== 'mark' || next.text !== ':') items.push(item);
      else {
        this.#at += 1;
        const value = this.value();
        if (item.kind === 'text') entries.push([item.text, value]);
      }
    });
    if (open === '{') return { kind: 'map', entries };
    return open === '(' && items.length === 1 ? (items[0] ?? UNKNOWN) : { kind: 'list', items };
  }

  /** Reads what stands between commas, to the closing bracket. */
  #items(close: string, read: () => void): void {
    this.#depth += 1;
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      const before = this.#at;
      if (token.kind === 'mark' && token.text === close) break;
      if (this.#depth <= MAX_DEPTH && !ends(token)) read();
      // whatever ends a value and is no bracket of this list
      if (this.#at === before) this.#at += 1;
    }
    this.#at += 1;
    this.#depth -= 1;
  }
}

function ends({ kind, text }: PythonToken): boolean {
  return kind === 'mark' && [',', ')', ']', '}', '=', ':'].includes(text);
}

/** Methods that leave of a text, or of an answer, what matters here. */
const SAME = new Set(['strip', 'rstrip', 'lstrip', 'encode', 'decode']);

function isTextMethod(value: PythonValue, name: string): boolean {
  return (value.kind === 'text' || value.kind === 'call') && SAME.has(name.slice(name.lastIndexOf('.') + 1));
}

function attributeOf(value: PythonValue, attribute: string): PythonValue {
  if (SAME.has(attribute)) return value;
  return value.kind === 'call' ? { ...value, part: `${value.part}.${attribute}` } : UNKNOWN;
}
