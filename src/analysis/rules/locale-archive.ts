import { type FileTree, resolvePath } from '../../shared/file-tree.ts';

/** AR_MAGIC of glibc locale/locarchive.h. */
const MAGIC = 0xde02_0109;
const HEADER_BYTES = 32;

/** Names of a few locales fill a few kilobytes, those of all of Fedora's some twenty. */
const MOST_BYTES = 1 << 20;

/**
 * The names of the locales in a locale-archive, as `localedef --list-archive` gives them. They are the strings of its
 * table, `string_offset` and `string_used` of `struct locarhead`, glibc locale/locarchive.h. Empty for other files.
 */
export function localesInArchive(tree: FileTree, archive: string): ReadonlySet<string> {
  const { path, entry } = resolvePath(tree, archive);
  if (entry?.type !== 'file' || entry.size < HEADER_BYTES) return new Set();
  const header = Buffer.from(tree.read(path, 0, HEADER_BYTES));
  if (header.readUInt32LE(0) !== MAGIC) return new Set();
  const bytes = Buffer.from(
    tree.read(path, header.readUInt32LE(20), Math.min(header.readUInt32LE(24), MOST_BYTES)),
  );
  return new Set(bytes.toString('latin1').split('\0').filter(Boolean));
}
