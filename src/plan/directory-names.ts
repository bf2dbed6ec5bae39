import type { Rootfs } from '../image/rootfs.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { ancestorsOf, type ImagePath, imagePath } from '../shared/image-path.ts';

/**
 * The names of a path: its own, and those by each link to a directory above it. On a merged /usr those of
 * `/usr/lib/x` are `/usr/lib/x` and `/lib/x`. Names through two such links are left out.
 */
export function directoryNames(rootfs: Rootfs): (path: ImagePath) => readonly ImagePath[] {
  const links = new Map<ImagePath, ImagePath[]>();
  for (const [link, { type }] of rootfs.entries()) {
    if (type !== 'symlink') continue;
    const { path: target, entry } = resolvePath(rootfs, link);
    if (entry?.type === 'directory') links.set(target, [...(links.get(target) ?? []), link]);
  }
  return (path) => {
    const through = ancestorsOf(path).flatMap((directory) =>
      (links.get(directory) ?? []).map((link) => imagePath(`${link}/${path.slice(directory.length)}`)),
    );
    return [path, ...through];
  };
}
