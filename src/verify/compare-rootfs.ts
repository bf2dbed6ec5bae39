import { ENGINE_DIRECTORIES } from '../image/engine-stubs.ts';
import type { Rootfs } from '../image/rootfs.ts';
import type { RootfsEntry } from '../image/rootfs-entry.ts';
import type { Layout, LayoutEntry } from '../plan/layout.ts';
import type { ImagePath } from '../shared/image-path.ts';

/** One way in which a rebuilt root file system is not what was laid out: a sentence that names the path. */
export type Difference = string;

/** Compares a rebuilt root file system with its layout, entry by entry: no path more, none less, none other. */
export function compareRootfs(rebuilt: Rootfs, layout: Layout): Difference[] {
  const differences: Difference[] = [];
  const expected = new Set<ImagePath>();
  for (const entry of layout.entries) {
    expected.add(entry.path);
    const found = rebuilt.lookup(entry.path);
    const difference = found === undefined ? 'is not there' : differenceOf(rebuilt, found, entry);
    if (difference !== null) differences.push(`${entry.path} ${difference}`);
  }
  for (const [path, entry] of rebuilt.entries()) {
    if (expected.has(path) || (entry.type === 'directory' && ENGINE_DIRECTORIES.has(path))) continue;
    differences.push(`${path} is there, though nothing asked for it`);
  }
  return differences;
}

function differenceOf(rebuilt: Rootfs, found: RootfsEntry, entry: LayoutEntry): string | null {
  if (found.type !== entry.type) return `is a ${found.type}, not a ${entry.type}`;
  // the engine makes some directories by itself, with modes of its own
  if (entry.type === 'directory' && ENGINE_DIRECTORIES.has(entry.path)) return null;
  if (found.mode !== entry.mode) return `has mode ${octal(found.mode)}, not ${octal(entry.mode)}`;
  if (found.uid !== entry.uid || found.gid !== entry.gid) {
    return `belongs to ${found.uid}:${found.gid}, not to ${entry.uid}:${entry.gid}`;
  }
  if (entry.type === 'file' && rebuilt.hash(entry.path) !== entry.sha256) return 'has another content';
  return null;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
