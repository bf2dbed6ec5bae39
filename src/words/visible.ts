/**
 * What no place shows as it is: controls, format characters (bidi, zero width), lone surrogates, line and paragraph
 * separators, and whatever Unicode lets a font leave out.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A foreign text on one line in which every character can be seen: `\x1b`, `\u202e`, `\u{e0001}`. A byte that is no
 * UTF-8 (`decodeName` makes it a lone surrogate) is `\xff`. Text without such characters stays as it is.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, escapeOf);
}

/** The same for a text of several lines: line feeds and tabs stay, and so do the ends of lines in CRLF. */
export function visibleLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(HIDDEN, (character) => (/[\n\t]/.test(character) ? character : escapeOf(character)));
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
  return code > 0xffff ? `\\u{${hex(code, 5)}}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
