import { decodeName } from '../shared/file-name.ts';

/**
 * The name behind strace's escapes (`\n`, `\"`, `\303`, `\x7f`): `escaped` is what stands between the quotes or the
 * angle brackets, one character for each byte.
 */
export function unescapeName(escaped: string): string {
  if (!/[\\\x80-\xff]/.test(escaped)) return escaped;
  const bytes = Buffer.allocUnsafe(escaped.length);
  let length = 0;
  for (let at = 0; at < escaped.length; ) {
    if (escaped.charCodeAt(at) !== 0x5c) {
      bytes[length++] = escaped.charCodeAt(at++);
      continue;
    }
    const [byte, next] = unescapeOne(escaped, at + 1);
    bytes[length++] = byte;
    at = next;
  }
  return decodeName(bytes.subarray(0, length));
}

const LETTERS: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, e: 27 };

/** The byte that an escape stands for, and where the text goes on; `at` is behind the backslash. */
function unescapeOne(text: string, at: number): [byte: number, next: number] {
  const letter = text.charAt(at);
  const digits = letter === 'x' ? hexDigits(text, at + 1) : octalDigits(text, at);
  if (digits.length > 0 && letter === 'x') return [Number.parseInt(digits, 16), at + 1 + digits.length];
  if (digits.length > 0) return [Number.parseInt(digits, 8) & 0xff, at + digits.length];
  return [LETTERS[letter] ?? (letter === '' ? 0x5c : letter.charCodeAt(0)), at + 1];
}

function octalDigits(text: string, at: number): string {
  let end = at;
  while (end < at + 3 && text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x37) end++;
  return text.slice(at, end);
}

function hexDigits(text: string, at: number): string {
  return /^[0-9a-f]{1,2}/i.exec(text.slice(at, at + 2))?.[0] ?? '';
}

/** A copy that does not hold on to the chunk of the log it was cut from; keeps lone surrogates. */
export function detached(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
