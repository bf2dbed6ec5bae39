import { resolvePath } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { LoadContext, OpenedFile } from './link-map.ts';
import { isAtLeast } from './loader-facts.ts';
import type { ElfInspection } from './loader-files.ts';

/**
 * What opening a path came to: `absent` (also for another machine's file, which glibc passes over), `circular` for
 * links that lead in a circle, `refused` where the loader gives up the whole start.
 */
export type Opening =
  | OpenedFile
  | { readonly kind: 'absent' | 'circular' }
  | { readonly kind: 'refused'; readonly path: string; readonly reason: string };

/** A path that may be relative, from the directory the program is started in. */
export function absolutePath(text: string, cwd: ImagePath): string {
  if (text.startsWith('/')) return text;
  return cwd === '/' ? `/${text}` : `${cwd}/${text}`;
}

/** Opens a library as the loader does: elf/dl-load.c `open_verify`, ldso/dynlink.c `map_library`. */
export function openLibrary(context: LoadContext, text: string): Opening {
  const path = absolutePath(text, context.cwd);
  const { path: realPath, links, entry } = resolvePath(context.tree, path);
  if (entry === undefined) {
    return { kind: context.tree.lookup(realPath)?.type === 'symlink' ? 'circular' : 'absent' };
  }
  if (entry.type !== 'file') return { kind: 'refused', path, reason: `it is a ${entry.type}` };
  const inspection = context.files.inspect(realPath);
  const verdict =
    context.facts.libc === 'glibc' ? glibcVerdict(context, inspection) : muslVerdict(context, inspection);
  if (verdict === 'absent') return { kind: 'absent' };
  if (verdict !== null || inspection.elf === null)
    return { kind: 'refused', path, reason: verdict ?? 'unreadable' };
  return { kind: 'opened', path, realPath, links, elf: inspection.elf };
}

/** e_ident[EI_OSABI] that glibc takes: System V, GNU, and ARM's own; sysdeps/gnu/ldsodefs.h, sysdeps/arm. */
const GLIBC_OS_ABIS = [0, 3, 97];

/** Why the loader refuses a file, `absent` where it goes on searching, null where it takes it. */
function glibcVerdict(context: LoadContext, { header, elf, error }: ElfInspection): string | 'absent' | null {
  const programHeader = context.program.elf.header;
  if (header === null) return error?.message ?? 'unreadable';
  if (header.format.bits !== programHeader.format.bits) return 'absent';
  if (header.format.littleEndian !== programHeader.format.littleEndian)
    return 'ELF file of the other byte order';
  if (!GLIBC_OS_ABIS.includes(header.osAbi)) return 'ELF file OS ABI invalid';
  if (header.machineId !== programHeader.machineId) return 'absent';
  if (header.type !== 'shared' && header.type !== 'executable')
    return 'only ET_DYN and ET_EXEC can be loaded';
  if (elf === null) return error?.message ?? 'unreadable';
  if (!elf.loadable) return 'object file has no loadable segments';
  if (header.type === 'executable') return 'cannot dynamically load executable';
  if (elf.dynamic === null) return 'object file has no dynamic section';
  if (elf.pie && isAtLeast(context.facts, 30))
    return 'cannot dynamically load position-independent executable';
  return null;
}

/** musl looks at the type and the dynamic section alone; another machine's file it cannot map or relocate. */
function muslVerdict(context: LoadContext, { header, elf, error }: ElfInspection): string | null {
  const programHeader = context.program.elf.header;
  if (elf === null || header === null) return error?.message ?? 'unreadable';
  if (header.machine !== programHeader.machine) return 'it is for another machine';
  if (header.type !== 'shared' && header.type !== 'executable')
    return 'only ET_DYN and ET_EXEC can be loaded';
  if (elf.dynamic === null) return 'object file has no dynamic section';
  return null;
}
