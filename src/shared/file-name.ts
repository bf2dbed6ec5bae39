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

/** Whether a name that `decodeName` gave is UTF-8: no byte of it had to be escaped. */
export function isUtf8Name(name: string): boolean {
  return !/\p{Cs}/u.test(name);
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
