import { findText } from '../shared/find-text.ts';

/** A line of an expected text that stands for any lines, as READMEs write it. */
const ELLIPSIS = /^[\t\v\f ]*(?:\.\.\.|\[\.\.\.\]|…|\[…\])[\t\v\f ]*$/gm;

/**
 * Whether a text holds what a README expects of it: the expected lines one after another, white space at both
 * ends of a line aside; a line that is only an ellipsis stands for any lines between.
 */
export function holdsText(text: string, expected: string): boolean {
  const haystack = normalise(text);
  let at = 0;
  for (const part of expected.split(ELLIPSIS)) {
    const needle = normalise(part);
    const found = findText(haystack, needle, at);
    if (found < 0) return false;
    at = found + needle.length;
  }
  return true;
}

function normalise(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .join('\n')
    .trim();
}
