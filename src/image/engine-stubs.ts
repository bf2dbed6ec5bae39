import type { TreeEntry } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';

/** Directories that the engine makes in every container, whether its image has them or not. */
export const ENGINE_DIRECTORIES: ReadonlySet<string> = new Set([
  '/dev',
  '/dev/pts',
  '/dev/shm',
  '/etc',
  '/proc',
  '/sys',
]);

/** Files that the engine fills for each container, and which Unikraft's loader writes as well. */
export const GENERATED_FILES: ReadonlySet<string> = new Set([
  '/etc/hosts',
  '/etc/hostname',
  '/etc/resolv.conf',
]);

/**
 * Whether a path of an exported container is the engine's own and not the image's: moby's
 * daemon/initlayer/setup_unix.go makes them. Empty ones only, where an image may have its own.
 */
export function isEngineStub(path: ImagePath, entry: TreeEntry): boolean {
  if (path === '/.dockerenv' || path === '/dev/console') return true;
  if (path === '/etc/mtab') return entry.linkTarget === '/proc/mounts';
  return GENERATED_FILES.has(path) && entry.type === 'file' && entry.size === 0;
}
