/**
 * File names are bytes; here they are strings. Bytes that are valid UTF-8 are decoded, and every other byte B becomes
 * the lone surrogate U+DC00 + B, as in PEP 383 (`surrogateescape`). UTF-8 never decodes to a surrogate, so two
 * different names stay different, and `encodeName` gives the bytes back.
 */
const ESCAPED_BYTE = 0xdc00;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The name that these bytes are. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodePiecewise(bytes);
  }
}

/** The bytes of a name that `decodeName` gave. */
export function encodeName(name: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(name)) return Buffer.from(name, 'utf8');
  const parts: Buffer[] = [];
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    const escaped = code >= ESCAPED_BYTE + 0x80 && code <= ESCAPED_BYTE + 0xff;
    parts.push(escaped ? Buffer.from([code - ESCAPED_BYTE]) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

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

function decodePiecewise(bytes: Uint8Array): string {
  let result = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0);
    const decoded = length === 0 ? null : decodeOrNull(bytes.subarray(at, at + length));
    result += decoded ?? String.fromCharCode(ESCAPED_BYTE + (bytes[at] ?? 0));
    at += decoded === null ? 1 : length;
  }
  return result;
}

function decodeOrNull(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/** How many bytes a UTF-8 sequence has that starts so, RFC 3629; 0 where none does. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}
