import { fileSource } from '../elf/byte-source.ts';
import { ElfError } from '../elf/elf-error.ts';
import { isElf } from '../elf/elf-header.ts';
import { readElf } from '../elf/read-elf.ts';
import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../shared/image-path.ts';
import type { Need } from './need.ts';
import { scriptChain } from './script.ts';

/**
 * What the kernel itself opens when a program is executed, which no trace of system calls shows: the interpreter of
 * each `#!` line (fs/binfmt_script.c) and PT_INTERP of the program at its end (fs/binfmt_elf.c). A program that `env`
 * looks up is left to the trace, which shows its execve(2).
 */
export function needsOfExecuted(tree: FileTree, executed: ImagePath): Need[] {
  const { steps, program } = scriptChain(tree, executed, {});
  return [
    ...steps.map(
      ({ interpreter, script }): Need => ({
        path: interpreter,
        reason: { kind: 'script-interpreter', of: script },
      }),
    ),
    ...interpreterNeeds(tree, program),
  ];
}

function interpreterNeeds(tree: FileTree, program: ImagePath): Need[] {
  const { path, entry } = resolvePath(tree, program);
  if (entry?.type !== 'file') return [];
  const source = fileSource(tree, path);
  try {
    const interpreter = isElf(source) ? readElf(source).interpreter : null;
    if (interpreter === null || !interpreter.startsWith('/')) return [];
    return [{ path: imagePath(interpreter), reason: { kind: 'interpreter', of: program } }];
  } catch (error) {
    // the kernel refuses a broken file too
    if (error instanceof ElfError) return [];
    throw error;
  }
}
