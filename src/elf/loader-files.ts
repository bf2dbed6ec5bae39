import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';
import { type ByteSource, fileSource } from './byte-source.ts';
import { ElfError } from './elf-error.ts';
import { type ElfHeader, readElfHeader } from './elf-header.ts';
import { type LdSoCache, readLdSoCache } from './ld-so-cache.ts';
import { type LoaderFacts, readLoaderFacts } from './loader-facts.ts';
import { type ElfFile, readElf } from './read-elf.ts';

/** What could be read of a file: all, the header only, or nothing; `error` says what is wrong with the rest. */
export type ElfInspection = {
  readonly source: ByteSource;
  readonly header: ElfHeader | null;
  readonly elf: ElfFile | null;
  readonly error: ElfError | null;
};

export const CACHE_PATH = '/etc/ld.so.cache';

/** The files of one tree that a dynamic loader reads, each read once. Paths are free of links. */
export type LoaderFiles = {
  /** A regular file as ELF. */
  readonly inspect: (path: ImagePath) => ElfInspection;
  /** What a loader has compiled in; null where the file is no ELF file. */
  readonly loaderFacts: (path: ImagePath) => LoaderFacts | null;
  /** /etc/ld.so.cache; null where there is none, an error where it cannot be read. */
  readonly ldSoCache: () => LdSoCache | ElfError | null;
};

/** Share the result between calls on the same tree: libc is then read once for all programs. */
export function loaderFiles(tree: FileTree): LoaderFiles {
  const inspect = once((path: ImagePath) => inspectFile(fileSource(tree, path)));
  const loaderFacts = once((path: ImagePath) => {
    const { source, elf } = inspect(path);
    return elf === null ? null : readLoaderFacts(source, elf.segments);
  });
  const cache = once((path: string) => readCache(tree, path));
  return { inspect, loaderFacts, ldSoCache: () => cache(CACHE_PATH) };
}

function once<Key, Value>(read: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, read(key));
    return known.get(key) as Value;
  };
}

function inspectFile(source: ByteSource): ElfInspection {
  let header: ElfHeader | null = null;
  try {
    header = readElfHeader(source);
    return { source, header, elf: readElf(source), error: null };
  } catch (error) {
    if (error instanceof ElfError) return { source, header, elf: null, error };
    throw error;
  }
}

function readCache(tree: FileTree, path: string): LdSoCache | ElfError | null {
  const found = resolvePath(tree, path);
  if (found.entry?.type !== 'file') return null;
  try {
    return readLdSoCache(tree.read(found.path));
  } catch (error) {
    if (error instanceof ElfError) return error;
    throw error;
  }
}
