import { createHash } from 'node:crypto';
import { asMap, asText, parseOrNull } from '../shared/json-value.ts';
import { type Digest, isDigest } from './image-reference.ts';

/** The forms of a manifest that are understood, newest first; a registry converts to none that is not named. */
export const ACCEPTED = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** The digest of a manifest's bytes. */
export function digestOf(body: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(body).digest('hex')}` as Digest;
}

/**
 * What a manifest says about the one platform that is written into entries: the digest of the manifest for it, `self`
 * where this is the only one, null where an index has none (image-spec, image-index.md).
 */
export function platformManifest(body: Uint8Array): Digest | 'self' | null {
  const { manifests } = asMap(parseOrNull(Buffer.from(body).toString('utf8')));
  if (!Array.isArray(manifests)) return 'self';
  for (const manifest of manifests.map(asMap)) {
    const { os, architecture } = asMap(manifest.platform);
    const digest = asText(manifest.digest);
    if (os === 'linux' && architecture === 'amd64' && isDigest(digest)) return digest;
  }
  return null;
}
