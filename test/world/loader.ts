import { bytesSource } from '../../src/elf/byte-source.ts';
import { readLdSoCache } from '../../src/elf/ld-so-cache.ts';
import { type ElfFile, readElf } from '../../src/elf/read-elf.ts';
import { baseName, type ImagePath, imagePath, parentOf } from '../../src/shared/image-path.ts';

/** Where the loaders of the world look, in this order. */
const DIRECTORIES = ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];

const CACHE = imagePath('/etc/ld.so.cache');

export type Opened = { readonly path: ImagePath; readonly content: Uint8Array };

/** The calls by which a loader reads files. */
export type LoaderCalls = {
  /** Opens a file; undefined where it is not there. */
  readonly open: (path: ImagePath) => Opened | undefined;
  readonly map: (path: ImagePath) => void;
};

/** A library that a loader does not find. */
export class LibraryMissing extends Error {
  constructor(name: string) {
    super(
      `error while loading shared libraries: ${name}: cannot open shared object file: No such file or directory`,
    );
  }
}

/**
 * Loads what a program links, breadth first, as ld.so(8) does: LD_LIBRARY_PATH, the object's RUNPATH, the cache, the
 * default directories.
 * @throws LibraryMissing
 */
export function loadLibraries(
  program: Opened,
  env: Readonly<Record<string, string>>,
  { open, map }: LoaderCalls,
): void {
  const extra = (env.LD_LIBRARY_PATH ?? '').split(':').filter((path) => path !== '');
  const todo = [program];
  // the loader itself is there already
  const loaded = new Set<string>([baseName(imagePath(elfOf(program).interpreter ?? '/'))]);
  let cache: ReadonlyMap<string, string> | undefined;
  for (let object = todo.shift(); object !== undefined; object = todo.shift()) {
    const elf = elfOf(object);
    for (const { name, kind } of elf.dependencies) {
      if (kind !== 'needed') throw new Error(`the world's loader does not know ${kind} of ${name}`);
      if (loaded.has(name)) continue;
      loaded.add(name);
      cache ??= readCache(open(CACHE));
      const known = cache.get(name);
      const directories = [...extra, ...runpathOf(elf, object.path)];
      const places = [
        ...directories.map((directory) => `${directory}/${name}`),
        ...(known === undefined ? [] : [known]),
        ...DIRECTORIES.map((directory) => `${directory}/${name}`),
      ];
      const found = firstOf(name.includes('/') ? [name] : places, open);
      if (found === undefined) throw new LibraryMissing(name);
      map(found.path);
      todo.push(found);
    }
  }
}

function elfOf({ content }: Opened): ElfFile {
  return readElf(bytesSource(content));
}

function runpathOf({ runpath, rpath }: ElfFile, place: ImagePath): string[] {
  if (rpath !== null) throw new Error("the world's loader does not know RPATH");
  const directories = (runpath ?? '').split(':').filter((path) => path !== '');
  return directories.map((path) => path.replace('$ORIGIN', parentOf(place)));
}

function readCache(opened: Opened | undefined): ReadonlyMap<string, string> {
  if (opened === undefined) return new Map();
  const bytes = new Uint8Array(opened.content);
  return new Map(readLdSoCache(bytes).entries.map(({ name, path }) => [name, path]));
}

function firstOf(places: readonly string[], open: LoaderCalls['open']): Opened | undefined {
  for (const place of places) {
    const found = open(imagePath(place));
    if (found !== undefined) return found;
  }
  return undefined;
}
