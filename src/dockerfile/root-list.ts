import { createHash } from 'node:crypto';
import { comparePaths, type ImagePath, imagePath } from '../shared/image-path.ts';

/** The end of every root list's name. */
const NAME = 'rootfs.list';

/**
 * The path of a Dockerfile's **root list**, beside it: `Dockerfile` has `rootfs.list`, `x.Dockerfile` has
 * `x.rootfs.list`. The list names what a generated stage assembles a root from: a path on each line, sorted by bytes, a
 * directory with a slash at its end.
 */
export function rootListOf(dockerfile: string): string {
  const before = dockerfile.replace(/(^|[./])Dockerfile$/, '$1');
  return before === '' || /[./]$/.test(before) ? `${before}${NAME}` : `${before}.${NAME}`;
}

/** Whether a path may be a root list's, of whatever Dockerfile. */
export function isRootListName(path: string): boolean {
  return path === NAME || path.endsWith(`/${NAME}`) || path.endsWith(`.${NAME}`);
}

/** One line of a root list. */
type RootListLine = { readonly path: ImagePath; readonly type: 'file' | 'directory' | 'symlink' };

/** The text of a root list. No path may hold a line break. */
export function writeRootList(lines: readonly RootListLine[]): string {
  const sorted = [...lines].sort((a, b) => comparePaths(a.path, b.path));
  return sorted.map(({ path, type }) => `${path}${type === 'directory' ? '/' : ''}\n`).join('');
}

/** The paths that a root list names. */
export function readRootList(text: string): ImagePath[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => imagePath(line));
}

/** What a marker knows of a root list: tar reads each byte of it, a carriage return as well. */
export function rootListHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
