import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { isCopy } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { UserError } from '../shared/failure.ts';
import { readText, statPath } from '../store/read.ts';
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
  const context =
    rootfs.context === null ? contextOf(file, { from, catalogRoot }) : resolve(from, rootfs.context);
  return { path: file, context };
}

/**
 * The build context of a Dockerfile that no Kraftfile gives a context: the directory that it lies in. Where its COPY
 * lines find nothing there, it is the directory of the Kraftfile: kraft takes that (kraftkit, initrd/dockerfile.go), as
 * does `docker build -f sub/Dockerfile .`.
 */
function contextOf(file: string, { from, catalogRoot }: { from: string; catalogRoot: string }): string {
  const home = dirname(file);
  if (home === from || !isBelow(home, from)) return home;
  const sources = sourcesIn(file, catalogRoot);
  const isIn = (directory: string) => sources.every((source) => statPath(join(directory, source)) !== null);
  return !isIn(home) && isIn(from) ? from : home;
}

/** What the COPY lines of a Dockerfile name in the build context, as far as no pattern and no variable is in it. */
function sourcesIn(file: string, catalogRoot: string): string[] {
  try {
    const text = readText(file, { root: catalogRoot, kind: 'Dockerfile' }) ?? '';
    const { stages } = parseDockerfile(text, { file: basename(file) });
    const copies = stages.flatMap(({ instructions }) => instructions.filter(isCopy));
    const sources = copies.flatMap(({ from, sources: all }) => (from === null ? all : []));
    return sources.map((source) => source.text).filter((source) => /^[\w./@%+=~-]+$/.test(source));
  } catch (error) {
    // a build reports the mistakes of the text
    if (error instanceof UserError) return [];
    throw error;
  }
}

function isBelow(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
