import { basename } from 'node:path/posix';
import { isKraftfileName } from '../kraftfile/find-kraftfile.ts';
import { rootListOf } from './root-list.ts';

/** The directory where the tool keeps its state: at a catalog's root, which may be an entry itself. */
const STATE_DIRECTORY = '.kraft-slim';

/**
 * Whether a path of a build context is the tool's own: its state, a file half written, or the original that it
 * saved beside a Dockerfile, its root list or a Kraftfile. None is a file of the author's.
 */
export function isOwnFile(path: string, dockerfile: string | null): boolean {
  const name = basename(path);
  if (name === STATE_DIRECTORY || name.endsWith('.kraft-slim-new')) return true;
  const saved = /^(.+)\.orig$/.exec(path)?.[1];
  if (saved === undefined) return false;
  const isWritten = dockerfile !== null && (saved === dockerfile || saved === rootListOf(dockerfile));
  return isWritten || isKraftfileName(basename(saved));
}
