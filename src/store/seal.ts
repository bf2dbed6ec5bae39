import { createHmac, timingSafeEqual } from 'node:crypto';
import { signingKey } from './signing-key.ts';

/** What a text is, and of what: a signature holds for that place alone. */
export type SealedAs = {
  /** Such as `unit` or `journal`. */
  readonly kind: string;
  /** Which of its kind: an entry, a sweep. */
  readonly key: string;
};

/** A text of one line behind its signature: HMAC-SHA-256 over kind, key and text. */
export function seal(text: string, as: SealedAs): string {
  if (text.includes('\n')) throw new Error(`cannot sign a ${as.kind}: it has more than one line`);
  return `${signatureOf(text, as).toString('hex')} ${text}`;
}

/** The text of a sealed line; null where this user's key has not signed it for this place. */
export function unseal(line: string, as: SealedAs): string | null {
  const [, signature, text] = /^([0-9a-f]{64}) ([^\n]*)$/.exec(line) ?? [];
  if (signature === undefined || text === undefined) return null;
  return timingSafeEqual(Buffer.from(signature, 'hex'), signatureOf(text, as)) ? text : null;
}

function signatureOf(text: string, { kind, key }: SealedAs): Buffer {
  const hmac = createHmac('sha256', signingKey());
  // lengths first: no two places give the same bytes
  for (const part of [kind, key, text]) hmac.update(`${Buffer.byteLength(part)}:`).update(part);
  return hmac.digest();
}
