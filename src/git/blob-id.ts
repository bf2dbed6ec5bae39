import { createHash } from 'node:crypto';

/**
 * The name that git gives content, by the hash of another name of the repository: SHA-1, or SHA-256 where that has 64
 * digits.
 */
export function blobId(content: Buffer, { like }: { readonly like: string }): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex');
}
