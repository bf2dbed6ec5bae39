import { libraryName } from '../catalog/entry-files.ts';
import type { Repository } from '../registry/image-reference.ts';
import { namesOfImage } from './image-names.ts';
import { readTag, type Tag } from './tag.ts';
import { compareNumbers } from './tag-order.ts';

/** The version in the name of an entry: where it stands, and of what it is. */
export type EntryVersion = {
  /** `redis` of `library/redis/7.0`, `python` of `examples/flask-python3.11`. */
  readonly of: string;
  /** Other names of the same thing: of `nodejs` `node`, `node.js`. */
  readonly also: readonly string[];
  /** `7.0`, `3.11`. */
  readonly text: string;
  /** Where the version stands in the entry's name. */
  readonly range: { readonly start: number; readonly end: number };
};

/** Versions in the last part of an example's name, each with the word before it: `flask-python3.11`. */
const WORD_AND_VERSION = /(?<![a-z])([a-z][a-z+]*)-?(\d+(?:\.\d+)*)/gi;

/**
 * The version in an entry's name that follows the tag of an image it builds on: that of a library entry, and that
 * behind the image's own name in an example's. Undefined where none does, such as for a Debian below everything.
 */
export function versionOf(
  entry: string,
  { repository, tag }: { readonly repository: Repository; readonly tag: Tag },
): EntryVersion | undefined {
  const names = namesOfImage(repository);
  const found = candidatesOf(entry).find(
    ({ of, text, isOnly }) =>
      follows(text, tag) && (names.includes(of.toLowerCase()) || (isOnly && text.includes('.'))),
  );
  if (found === undefined) return undefined;
  const { of, text, range } = found;
  const also = names.includes(of.toLowerCase()) ? names.filter((name) => name !== of.toLowerCase()) : [];
  return { of, also, text, range };
}

/** `isOnly`: nothing else in the name could be its version. */
function candidatesOf(entry: string): (Omit<EntryVersion, 'also'> & { readonly isOnly: boolean })[] {
  const library = libraryName(entry);
  if (library !== undefined) {
    const { name, version } = library;
    if (version === null) return [];
    const start = entry.length - version.length;
    return [{ of: name, text: version, range: { start, end: entry.length }, isOnly: true }];
  }
  const from = entry.lastIndexOf('/') + 1;
  return [...entry.slice(from).matchAll(WORD_AND_VERSION)].map(
    ({ 1: of = '', 2: text = '', index, 0: all }) => {
      const end = from + index + all.length;
      return { of, text, range: { start: end - text.length, end }, isOnly: false };
    },
  );
}

/** Whether a tag's version begins with the entry's. */
function follows(text: string, tag: Tag): boolean {
  const entryTag = readTag(text);
  if (entryTag === null || entryTag.text !== entryTag.version) return false;
  return compareNumbers(tag.numbers.slice(0, entryTag.numbers.length), entryTag.numbers) === 0;
}

/** An entry's name with the version of another tag, as precise as before: `7.4` for 7.4.1 where it was `7.0`. */
export function renamed(
  entry: string,
  { text, range }: EntryVersion,
  tag: Tag,
): { entry: string; version: string } {
  // numbers and what separates them take turns
  const version = partsOf(tag.version).slice(0, partsOf(text).length).join('');
  return { entry: `${entry.slice(0, range.start)}${version}${entry.slice(range.end)}`, version };
}

function partsOf(version: string): readonly string[] {
  return version.match(/\d+|\D+/g) ?? [];
}
