import { fileSource } from '../../elf/byte-source.ts';
import { ElfError } from '../../elf/elf-error.ts';
import { isElf } from '../../elf/elf-header.ts';
import { readElf } from '../../elf/read-elf.ts';
import { importedSymbols } from '../../elf/symbols.ts';
import type { FileTree } from '../../shared/file-tree.ts';
import { baseName, type ImagePath } from '../../shared/image-path.ts';
import { textChunks } from '../rules/compiled-texts.ts';
import type { PromiseContext } from './rule.ts';

/** What the compiled files that an entry keeps say about what they read. */
export type KeptCode = {
  /** Whether a kept ELF object imports one of these symbols. */
  readonly imports: (...symbols: readonly string[]) => boolean;
  /** Whether a kept ELF object holds one of these texts: absolute paths such as `/etc/mime.types`. */
  readonly names: (...texts: readonly string[]) => boolean;
};

/**
 * The C library with its loader and modules, in glibc and musl. It names every database and imports its functions for
 * the programs that call it, so that it says nothing about any of them.
 */
const C_LIBRARY =
  /^(?:ld-[\w.-]+|libc\.musl-\w+|lib(?:c|m|dl|rt|pthread|resolv|nsl|anl|util|nss_\w+)(?:-[\d.]+)?)\.so(?:\.\d+)*$/;

/** Paths in a compiled file. Go's linker puts texts behind each other, so that a match may hold several paths. */
const PATHS = /\/(?:etc|usr|lib|share)\/[\w.+/-]+/g;

/** Reads what is kept so far; each file of a tree is read at most once. */
export function keptCode({ tree, kept }: Pick<PromiseContext, 'tree' | 'kept'>): KeptCode {
  const objects = () => [...kept].filter((path) => isObject(tree, path));
  return {
    imports: (...symbols) =>
      objects().some((path) => {
        const imported = symbolsOf(tree, path);
        return symbols.some((symbol) => imported.has(symbol));
      }),
    names: (...texts) =>
      objects().some((path) =>
        pathsNamedBy(tree, path).some((named) => texts.some((text) => named.includes(text))),
      ),
  };
}

/** A fact about each file of a tree, computed once. */
export function oncePerFile<Fact>(
  compute: (tree: FileTree, path: ImagePath) => Fact,
): (tree: FileTree, path: ImagePath) => Fact {
  const trees = new WeakMap<FileTree, Map<ImagePath, Fact>>();
  return (tree, path) => {
    const known = trees.get(tree) ?? new Map<ImagePath, Fact>();
    trees.set(tree, known);
    const fact = known.has(path) ? (known.get(path) as Fact) : compute(tree, path);
    known.set(path, fact);
    return fact;
  };
}

const isObject = oncePerFile((tree, path) => {
  const isRegular = tree.lookup(path)?.type === 'file';
  return isRegular && !C_LIBRARY.test(baseName(path)) && isElf(fileSource(tree, path));
});

const symbolsOf = oncePerFile((tree, path): ReadonlySet<string> => {
  const source = fileSource(tree, path);
  try {
    return new Set(importedSymbols(source, readElf(source)));
  } catch (error) {
    // the loader refuses a broken object as well
    if (error instanceof ElfError) return new Set();
    throw error;
  }
});

const pathsNamedBy = oncePerFile((tree, path): readonly string[] => {
  const found = new Set<string>();
  for (const text of textChunks(tree, path)) {
    for (const [named] of text.matchAll(PATHS)) found.add(named);
  }
  return [...found];
});
