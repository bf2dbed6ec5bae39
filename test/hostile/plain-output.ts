import { expect } from 'vitest';

/** Characters that steer a terminal, or the direction of its text; line breaks and tabs are none of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const STEERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** What a CI takes for a command at the start of a line. */
const COMMAND = /^\s*(::|##\[|##vso)/;

/** Expects a text that no terminal and no CI obeys. */
export function expectPlain(text: string): void {
  expect(text.split('\n').filter((line) => STEERS.test(line) || COMMAND.test(line))).toEqual([]);
}
