import { join } from 'node:path';
import type { SourceFile } from '../shared/diagnostic.ts';
import { UserError } from '../shared/failure.ts';
import { type DirectoryEntry, listOrNone, readBytes, statPath } from '../store/read.ts';

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
  list(directory: string): Promise<readonly DirectoryEntry[]>;
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
      return listOrNone(join(root, directory), root);
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
    const bytes = readBytes(path, { root, kind: 'catalog file', maxBytes: MAX_BYTES });
    if (bytes === null) return { kind: 'absent' };
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (text.includes('\0')) return { kind: 'unreadable', file, why: 'it contains a NUL character' };
    return { kind: 'text', source: { file, text } };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'unreadable', file, why: 'it is not UTF-8 text' };
    if (!(error instanceof UserError)) throw error;
    if (error.code === 'limit-exceeded')
      return { kind: 'unreadable', file, why: `it has more than ${MAX_BYTES / 1024} KiB` };
    // a directory of the name is no text, and no fault
    return statPath(path)?.isDirectory() === true
      ? { kind: 'absent' }
      : { kind: 'unreadable', file, why: whyOf(error) };
  }
}

/** The reason in an error of the store, behind the name of the file. */
function whyOf({ message }: UserError): string {
  return message.slice(message.indexOf(': ') + 2);
}
