import { type WorkflowCommand, withoutCommands } from './ci-log.ts';
import { visible } from './visible.ts';
import { type XmlElement, xmlLines } from './xml.ts';

/** Output for programs, which reach its words exactly; the functions of this file alone make it. */
class MadeDocument {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The whole of it, without a line end at its end. */
  toString(): string {
    return this.#text;
  }
}
export type Document = MadeDocument;

/**
 * A value as JSON on one line. Who parses it gets every word exactly; the line itself holds no character that steers a
 * terminal, since those are written as escapes.
 */
export function jsonDocument(value: unknown): Document {
  const json = JSON.stringify(value);
  return new MadeDocument(
    json.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (character) =>
      Array.from(
        { length: character.length },
        (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
      ).join(''),
    ),
  );
}

/** Workflow commands, a line each. */
export function commandsDocument(commands: readonly WorkflowCommand[]): Document {
  return new MadeDocument(commands.join('\n'));
}

/** An element as an XML document. */
export function xmlDocument(root: XmlElement): Document {
  return new MadeDocument(['<?xml version="1.0" encoding="UTF-8"?>', ...xmlLines(root)].join('\n'));
}

/** Lines with foreign words, a line each, of which no CI takes one for a command. */
export function linesDocument(lines: readonly string[]): Document {
  return new MadeDocument(withoutCommands(lines.map(visible).join('\n')));
}

/** A file of ours, such as a workflow to be saved. */
export function ourDocument(text: string): Document {
  return new MadeDocument(text.replace(/\n$/, ''));
}
