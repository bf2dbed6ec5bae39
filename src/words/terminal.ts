import { stripVTControlCharacters, styleText } from 'node:util';
import { withoutCommands } from './ci-log.ts';
import { visible, visibleLines } from './visible.ts';

type Format = Parameters<typeof styleText>[0];

/** Text that has passed the border; the functions of this file alone make it. */
class ShownText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** What the terminal gets, with the colours of ours in it. */
  toString(): string {
    return this.#text;
  }

  /** How many columns of a monospaced font it takes, as far as its characters are narrow. */
  get width(): number {
    return stripVTControlCharacters(this.#text).length;
  }
}

/** Text for people to read on a terminal or in a log: no foreign word in it steers the reader of either. */
export type Shown = ShownText;

/** A foreign word, which `show` and its like make visible, or a text that has passed the border already. */
export type ForeignWord = string | number | Shown;

/** A text of ours with foreign words in it, each on one line: `show`${entry}: ${reason}``. */
export function show(ours: TemplateStringsArray, ...words: readonly ForeignWord[]): Shown {
  return new ShownText(ours.reduce((text, part, at) => text + textOf(words[at - 1] ?? '') + part));
}

/** A foreign text of several lines, such as the end of a build's log; its colours go. */
export function showLines(text: string): Shown {
  return new ShownText(visibleLines(withoutColours(text)));
}

/** A text of ours as it is, such as a help page. */
export function showOurs(text: string): Shown {
  return new ShownText(text);
}

/** A word in a format of ours. */
export function styled(format: Format, word: ForeignWord): Shown {
  return new ShownText(styleText(format, textOf(word)));
}

/** Texts in their order, with a text of ours between them. */
export function joinShown(parts: readonly ForeignWord[], between: string): Shown {
  return new ShownText(parts.map(textOf).join(between));
}

/** Each line of a text behind a margin of ours. */
export function indented(text: Shown, margin: string): Shown {
  return new ShownText(text.toString().replace(/^/gm, margin));
}

/** The beginning of a text without colours, no longer than a line of so many columns. */
export function cutTo(text: Shown, columns: number): Shown {
  return new ShownText(text.toString().slice(0, columns));
}

/** What is written: whole lines, of which none is a command to a CI. */
export function linesOf(text: Shown): string {
  return `${withoutCommands(text.toString())}\n`;
}

function textOf(word: ForeignWord): string {
  return word instanceof ShownText ? word.toString() : visible(String(word));
}

/** Sets of colours say nothing, and logs are full of them. */
function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is taken out
  return text.replace(/\u001b\[[\d;]*m/g, '');
}
