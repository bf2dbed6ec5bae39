/** A place in a user's text file; line and column count from 1, the column in UTF-16 units. */
export type Place = { readonly line: number; readonly column: number };

/** The place of an offset (UTF-16 units) in a text. Lines end in LF or CRLF. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, Math.max(0, Math.min(offset, text.length)));
  const line = before.split('\n').length;
  return { line, column: before.length - before.lastIndexOf('\n') };
}

/**
 * The line at a place with a caret below it, for messages about a user's file:
 *
 *     Kraftfile:3:7
 *       3 | cmd: [1
 *         |       ^
 */
export function showPlace(file: string, text: string, place: Place): string {
  const source = (text.split('\n')[place.line - 1] ?? '').replace(/\r$/, '');
  const number = String(place.line);
  const gutter = ' '.repeat(number.length);
  const indent = source.slice(0, place.column - 1).replace(/[^\t]/g, ' ');
  return [
    `${file}:${place.line}:${place.column}`,
    `  ${number} | ${source}`,
    `  ${gutter} | ${indent}^`,
  ].join('\n');
}
