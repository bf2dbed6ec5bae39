import { fileSource } from '../../elf/byte-source.ts';
import { ElfError } from '../../elf/elf-error.ts';
import { isElf } from '../../elf/elf-header.ts';
import { readElf } from '../../elf/read-elf.ts';
import { importedSymbols } from '../../elf/symbols.ts';
import type { FileTree } from '../../shared/file-tree.ts';
import { baseName, type ImagePath } from '../../shared/image-path.ts';
import { fileChunks } from '../rules/compiled-texts.ts';
import type { PromiseContext } from './rule.ts';

/** What the compiled files that an entry keeps say about what they read. */
export type KeptCode = {
  /** Whether a kept ELF object imports one of these symbols. */
  readonly imports: (...symbols: readonly string[]) => boolean;
  /** Whether a kept ELF object holds one of these texts, each with a mark of `MARKS` in it. */
  readonly names: (...texts: readonly string[]) => boolean;
};

/**
 * The C library with its loader and modules, in glibc and musl. It names every database and imports its functions for
 * the programs that call it, so that it says nothing about any of them.
 */
const C_LIBRARY =
  /^(?:ld-[\w.-]+|libc\.musl-\w+|lib(?:c|m|dl|rt|pthread|resolv|nsl|anl|util|nss_\w+)(?:-[\d.]+)?)\.so(?:\.\d+)*$/;

/**
 * Each path of a database or of the shell holds one of these. A search for bytes is many times faster than a
 * pattern over text.
 */
const MARKS = ['/etc/', '/share/', '/lib/terminfo', '/tmp', '/bin/sh'];

/** Bytes around a mark: the longest path of a database fits in on each side. */
const AROUND_BYTES = 64;

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
        textsOf(tree, path).some((around) => texts.some((text) => around.includes(text))),
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

/** The surroundings of each mark in a compiled file. */
const textsOf = oncePerFile((tree, path): readonly string[] => {
  const found = new Set<string>();
  for (const chunk of fileChunks(tree, path)) {
    for (const mark of MARKS) {
      for (let at = chunk.indexOf(mark); at >= 0; at = chunk.indexOf(mark, at + 1)) {
        found.add(chunk.toString('latin1', Math.max(0, at - AROUND_BYTES), at + AROUND_BYTES));
      }
    }
  }
  return [...found];
});
