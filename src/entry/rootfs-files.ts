import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { statPath } from '../store/read.ts';
import type { UnitKraftfile } from './unit.ts';

/** Host paths of what a Kraftfile names; of anything but a Dockerfile the context means nothing. */
export type RootfsFiles = { readonly path: string; readonly context: string };

/**
 * Where the rootfs lies that a Kraftfile names: beside it; below a catalog's `tests`, where it is not there, beside its
 * directory, since kraft takes it from the directory that it is run in. null where it names nothing on disk.
 */
export function rootfsFilesOf(
  { path, kraftfile }: Pick<UnitKraftfile, 'path' | 'kraftfile'>,
  catalogRoot: string,
): RootfsFiles | null {
  const { rootfs } = kraftfile;
  if (rootfs.kind === 'absent' || rootfs.kind === 'oci') return null;
  const parent = dirname(path);
  const above = resolve(parent, '..', rootfs.path);
  const isAbove =
    isBelow(parent, join(catalogRoot, 'tests')) &&
    statPath(resolve(parent, rootfs.path)) === null &&
    statPath(above) !== null;
  const from = isAbove ? dirname(parent) : parent;
  const file = resolve(from, rootfs.path);
  return { path: file, context: rootfs.context === null ? dirname(file) : resolve(from, rootfs.context) };
}

function isBelow(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
