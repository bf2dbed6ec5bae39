import { type Dirent, readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from '../shared/diagnostic.ts';
import { isNotFound } from '../shared/failure.ts';
import { comparePaths } from '../shared/image-path.ts';

/** Larger files are data, and not written by hand. In bytes. */
const MAX_BYTES = 128 * 1024;

/** The text of a file, or why it has none. */
export type FileText =
  | { readonly kind: 'text'; readonly source: SourceFile }
  | { readonly kind: 'unreadable'; readonly file: string; readonly why: string }
  | { readonly kind: 'absent' };

/** The files of a catalog, by their paths relative to its root: as they are on disk, or as edits would have them. */
export type Files = {
  readonly root: string;
  text(file: string): Promise<FileText>;
  /** The names in a directory in byte order; none where it is not there. */
  list(directory: string): Promise<readonly Dirent[]>;
};

/**
 * Each text is read once.
 * @param edited texts that stand for what is on disk
 */
export function catalogFiles(root: string, edited: ReadonlyMap<string, string> = new Map()): Files {
  const read = new Map<string, FileText>();
  for (const [file, text] of edited) read.set(file, { kind: 'text', source: { file, text } });
  return {
    root,
    async text(file) {
      const text = read.get(file) ?? readText(root, file);
      read.set(file, text);
      return text;
    },
    async list(directory) {
      const entries = await readdir(join(root, directory), { withFileTypes: true }).catch(none);
      return entries.sort((a, b) => comparePaths(a.name, b.name));
    },
  };
}

/** The text, where there is one. */
export async function sourceOf(files: Files, file: string): Promise<SourceFile | null> {
  const text = await files.text(file);
  return text.kind === 'text' ? text.source : null;
}

/** Small files, one after the other: to give way between them would take longer than to read them. */
function readText(root: string, file: string): FileText {
  const path = join(root, file);
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return { kind: 'absent' };
    if (stats.size > MAX_BYTES)
      return { kind: 'unreadable', file, why: `it has more than ${MAX_BYTES / 1024} KiB` };
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    if (text.includes('\0')) return { kind: 'unreadable', file, why: 'it holds a NUL character' };
    return { kind: 'text', source: { file, text } };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'unreadable', file, why: 'it is not UTF-8 text' };
    if (isNotFound(error)) return { kind: 'absent' };
    throw error;
  }
}

function none(error: unknown): Dirent[] {
  if (isNotFound(error)) return [];
  throw error;
}
