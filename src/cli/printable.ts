import { stripVTControlCharacters } from 'node:util';

/**
 * Text of a build or an app as a terminal may show it: without escape sequences and control characters, which
 * nobody whose output is merely shown should be able to send.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
