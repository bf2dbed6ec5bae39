import { fileSource } from '../../elf/byte-source.ts';
import { readDlopenNotes } from '../../elf/dlopen-notes.ts';
import { ElfError } from '../../elf/elf-error.ts';
import { readElf } from '../../elf/read-elf.ts';
import type { FileTree } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { Rule } from '../rule.ts';

/**
 * Libraries that an object declares it will dlopen, systemd's docs/ELF_DLOPEN_METADATA.md. What is merely
 * suggested, a distribution does not install with it either, and is left to the trace.
 */
export const dlopenNotes: Rule = {
  name: 'dlopen-notes',
  needs: ({ tree, objects }) => ({ paths: [], libraries: objects.flatMap((path) => announced(tree, path)) }),
};

function announced(tree: FileTree, path: ImagePath): string[] {
  try {
    const source = fileSource(tree, path);
    const notes = readDlopenNotes(source, readElf(source));
    return notes.flatMap(({ sonames, priority }) => (priority === 'suggested' ? [] : sonames));
  } catch (error) {
    // notes that cannot be read announce nothing
    if (error instanceof ElfError) return [];
    throw error;
  }
}
