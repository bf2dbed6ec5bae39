import type { Rootfs } from '../image/rootfs.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../shared/image-path.ts';

/** The directories of the PATH that a staging RUN sets. */
const DIRECTORIES = ['/usr/bin', '/bin'];

/** An option that GNU tar has since 1.29, and no other tar: it is among the strings of its program. */
const TAR_OPTION = 'verbatim-files-from';

/** Why a root cannot be assembled by a RUN in a root file system, to follow a colon; null where it can. */
export function stagingObstacle(rootfs: Rootfs): string | null {
  const missing = ['tar', 'mkdir', 'rm'].find((name) => programOf(rootfs, name) === undefined);
  if (missing !== undefined) return `the image has no ${missing}`;
  if (resolvePath(rootfs, '/bin/sh').entry?.type !== 'file') return 'the image has no /bin/sh';
  const bytes = rootfs.read(programOf(rootfs, 'tar') as ImagePath);
  return Buffer.from(bytes).includes(TAR_OPTION) ? null : 'the image has no GNU tar 1.29 or newer';
}

/** Whether a RUN in a root file system can remove files. */
export function canRemove(rootfs: Rootfs): boolean {
  return programOf(rootfs, 'rm') !== undefined && resolvePath(rootfs, '/bin/sh').entry?.type === 'file';
}

/** Whether it can remove what a search finds by its name as well. */
export function canFind(rootfs: Rootfs): boolean {
  return programOf(rootfs, 'find') !== undefined;
}

function programOf(rootfs: Rootfs, name: string): ImagePath | undefined {
  const found = DIRECTORIES.map((directory) => resolvePath(rootfs, `${directory}/${name}`));
  return found.find(({ entry }) => entry?.type === 'file')?.path;
}

/** A path right below the root that a root file system does not have. */
export function stagingPlace(rootfs: Rootfs): ImagePath {
  for (let count = 1; ; count += 1) {
    const path = imagePath(`/.rootfs${count === 1 ? '' : count}`);
    if (rootfs.lookup(path) === undefined) return path;
  }
}
