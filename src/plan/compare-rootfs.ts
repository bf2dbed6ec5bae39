import { ENGINE_DIRECTORIES } from '../image/engine-stubs.ts';
import type { Rootfs } from '../image/rootfs.ts';
import type { RootfsEntry } from '../image/rootfs-entry.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { baseName, type ImagePath } from '../shared/image-path.ts';
import type { Layout, LayoutEntry } from './layout.ts';

/** One way in which a rebuilt root file system is not what was laid out: a sentence that names the path. */
export type Difference = string;

/**
 * Compares a rebuilt root file system with its layout, entry by entry: no path more, none less, none other.
 * @param stages what the result was copied from, built again with it: a file that a RUN makes differently each time has
 * to hold the bytes that it has in one of them.
 */
export function compareRootfs(rebuilt: Rootfs, layout: Layout, stages: readonly Rootfs[] = []): Difference[] {
  const differences: Difference[] = [];
  const expected = new Set<ImagePath>();
  for (const entry of layout.entries) {
    expected.add(entry.path);
    const found = rebuilt.lookup(entry.path);
    const difference = found === undefined ? 'is not there' : differenceOf(rebuilt, found, { entry, stages });
    if (difference !== null) differences.push(`${entry.path} ${difference}`);
  }
  for (const [path, entry] of rebuilt.entries()) {
    if (expected.has(path) || (entry.type === 'directory' && ENGINE_DIRECTORIES.has(path))) continue;
    differences.push(`${path} is in the image, but not in the plan`);
  }
  return differences;
}

function differenceOf(
  rebuilt: Rootfs,
  found: RootfsEntry,
  { entry, stages }: { entry: LayoutEntry; stages: readonly Rootfs[] },
): string | null {
  if (found.type !== entry.type) return `is a ${found.type}, not a ${entry.type}`;
  if (entry.type === 'symlink')
    return found.linkTarget === entry.target ? null : `leads to ${found.linkTarget}, not to ${entry.target}`;
  // the engine makes some directories without being asked, with its modes
  if (entry.type === 'directory' && ENGINE_DIRECTORIES.has(entry.path)) return null;
  if (found.mode !== entry.mode) return `has mode ${octal(found.mode)}, not ${octal(entry.mode)}`;
  if (found.uid !== entry.uid || found.gid !== entry.gid) {
    return `belongs to ${found.uid}:${found.gid}, not to ${entry.uid}:${entry.gid}`;
  }
  if (entry.type !== 'file') return null;
  const sha256 = rebuilt.hash(entry.path);
  return sha256 === entry.sha256 || stages.some((stage) => holds(stage, entry.source, sha256))
    ? null
    : OTHER_CONTENT;
}

const OTHER_CONTENT = 'has another content';

/** Whether a difference may be gone once the stage is known that the file comes from. */
export function isOfContent(difference: Difference): boolean {
  return difference.endsWith(OTHER_CONTENT);
}

/**
 * Whether a stage has a file with this content: at its own place, or elsewhere under its name, since COPY moves
 * files.
 */
function holds(stage: Rootfs, source: ImagePath, sha256: string): boolean {
  const { path, entry } = resolvePath(stage, source);
  if (entry?.type === 'file' && stage.hash(path) === sha256) return true;
  const name = baseName(source);
  for (const [other, { type }] of stage.entries())
    if (type === 'file' && baseName(other) === name && stage.hash(other) === sha256) return true;
  return false;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
