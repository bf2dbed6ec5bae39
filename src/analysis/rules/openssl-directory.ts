import type { FileTree } from '../../shared/file-tree.ts';
import { resolvePath } from '../../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../../shared/image-path.ts';

const CHUNK_BYTES = 1 << 20;
const MARK = 'OPENSSLDIR: "';

/** Linux has no longer path, PATH_MAX. */
const LONGEST_BYTES = MARK.length + 4096;

/**
 * The directory that an OpenSSL library was built to look in, from the text that OpenSSL_version(3) gives for
 * OPENSSL_DIR: `/usr/lib/ssl` in Debian, `/etc/ssl` in Alpine, `/etc/pki/tls` in Fedora. Undefined where a file has none.
 */
export function opensslDirectory(tree: FileTree, library: ImagePath): ImagePath | undefined {
  const { path, entry } = resolvePath(tree, library);
  if (entry?.type !== 'file') return undefined;
  for (let at = 0; at < entry.size; at += CHUNK_BYTES) {
    const bytes = tree.read(path, at, CHUNK_BYTES + LONGEST_BYTES);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const start = text.indexOf(MARK);
    const end = start < 0 ? -1 : text.indexOf('"', start + MARK.length);
    if (end < 0) continue;
    return imagePath(text.toString('utf8', start + MARK.length, end));
  }
  return undefined;
}
