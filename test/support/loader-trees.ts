import type { ClosureOptions } from '../../src/elf/closure-options.ts';
import { resolveClosure } from '../../src/elf/resolve-closure.ts';
import type { FileTree } from '../../src/shared/file-tree.ts';
import { buildElf, DF_1_PIE, type ElfSpec } from './elf-builder.ts';
import { memoryTree, type TreeTable } from './memory-tree.ts';

export const GLIBC_INTERPRETER = '/lib64/ld-linux-x86-64.so.2';
export const MUSL_INTERPRETER = '/lib/ld-musl-x86_64.so.1';

/** A shared library, its soname and the rest as given. */
export function library(spec: ElfSpec = {}): Uint8Array {
  return buildElf(spec);
}

/** A position-independent program of glibc, unless the specification says otherwise. */
export function program(needed: readonly string[], spec: ElfSpec = {}): Uint8Array {
  return buildElf({ interpreter: GLIBC_INTERPRETER, flags1: DF_1_PIE, needed, ...spec });
}

export function muslProgram(needed: readonly string[], spec: ElfSpec = {}): Uint8Array {
  return program(needed, { interpreter: MUSL_INTERPRETER, ...spec });
}

/** The strings that a glibc loader has compiled in. */
export function glibcData(minor: number, directories: readonly string[] = ['/lib/', '/usr/lib/']): string {
  const release = minor >= 33 ? `ld.so (GNU libc) stable release version 2.${minor}.\0glibc-hwcaps/\0` : '';
  return `junk\0${release}/no-end\0${directories.join('\0')}\0\0more\0`;
}

/** A tree with a glibc loader (2.41 where nothing is said) whose default directories are /lib and /usr/lib. */
export function glibcTree(table: TreeTable, minor = 41): FileTree {
  const loader = library({ soname: 'ld-linux-x86-64.so.2', data: glibcData(minor) });
  return memoryTree({ [GLIBC_INTERPRETER]: loader, ...table });
}

/** A tree with a musl loader, which is libc. */
export function muslTree(table: TreeTable): FileTree {
  const libc = library({ data: 'usage\0musl libc (x86_64)\nVersion 1.2.3\0', symbols: [] });
  return memoryTree({ '/lib/libc.so': libc, [MUSL_INTERPRETER]: 'symlink libc.so', ...table });
}

/** What is loaded beside program and loader: `name via path`, in order. */
export function loadedBy(
  tree: FileTree,
  roots: string | readonly string[],
  options: ClosureOptions = {},
): string[] {
  const closure = resolveClosure(tree, typeof roots === 'string' ? [roots] : roots, options);
  const lookups = closure.objects.map(({ lookups: [first] }) => first).filter((first) => first !== undefined);
  return lookups
    .filter(({ request }) => request !== 'program' && request !== 'interpreter')
    .map(({ name, via, path }) => `${name} ${via} ${path}`);
}
