import { bytesSource } from '../../src/elf/byte-source.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { baseName, type ImagePath, imagePath } from '../../src/shared/image-path.ts';

/** Where the loaders of the world look, in this order. */
const DIRECTORIES = ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];

/** The calls by which a loader reads files. */
export type LoaderCalls = {
  /** Opens a file; undefined where it is not there. */
  readonly open: (path: ImagePath) => { readonly path: ImagePath; readonly content: Uint8Array } | undefined;
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
 * Loads what a program links, breadth first, as ld.so(8) does over its default directories and LD_LIBRARY_PATH.
 * @throws LibraryMissing
 */
export function loadLibraries(
  program: Uint8Array,
  env: Readonly<Record<string, string>>,
  { open, map }: LoaderCalls,
): void {
  const { LD_LIBRARY_PATH: extra = '' } = env;
  const directories = [...extra.split(':').filter((path) => path !== ''), ...DIRECTORIES];
  const todo = [program];
  // the loader itself is there already
  const loaded = new Set<string>([baseName(imagePath(readElf(bytesSource(program)).interpreter ?? '/'))]);
  for (let object = todo.shift(); object !== undefined; object = todo.shift()) {
    for (const { name, kind } of readElf(bytesSource(object)).dependencies) {
      if (kind !== 'needed') throw new Error(`the world's loader does not know ${kind} of ${name}`);
      if (loaded.has(name)) continue;
      loaded.add(name);
      const found = findLibrary(name, directories, open);
      map(found.path);
      todo.push(found.content);
    }
  }
}

function findLibrary(name: string, directories: readonly string[], open: LoaderCalls['open']) {
  const places = name.includes('/') ? [name] : directories.map((directory) => `${directory}/${name}`);
  for (const place of places) {
    const found = open(imagePath(place));
    if (found !== undefined) return found;
  }
  throw new LibraryMissing(name);
}
