import { join } from 'node:path';
import type { Runtime } from '../kraftfile/kraftfile.ts';
import { comparePaths } from '../shared/image-path.ts';
import { listDirectory, statPath } from '../store/read.ts';

/** Where a catalog has the entries whose images others name as their runtime: `library/NAME/VERSION`. */
const LIBRARY = 'library';

/** A name or a tag that is one directory. */
const PLAIN = /^(?:[\w-][\w.-]*)?$/;

/** The tag that stands for the newest image; a reference without a tag means the same. */
const NEWEST = 'latest';

/**
 * The library entry of a runtime, relative to the catalog's root: `node:18` is `library/node/18`, and `node:latest` the
 * newest version that the catalog has. The entry need not exist; null where the words of the runtime name no directory.
 */
export function libraryEntryOf({ name, version }: Runtime, catalogRoot: string): string | null {
  const tag = version ?? NEWEST;
  if (name === '' || ![name, tag].every((part) => PLAIN.test(part))) return null;
  const newest = tag === NEWEST ? newestOf(join(catalogRoot, LIBRARY, name), catalogRoot) : undefined;
  return `${LIBRARY}/${name}/${newest ?? tag}`;
}

/** The newest of the versions that lie in a directory of the library; `latest` itself wins. */
function newestOf(directory: string, root: string): string | undefined {
  const versions = (listDirectory(directory, { root }) ?? [])
    .filter((entry) => entry.isDirectory() && statPath(join(directory, entry.name, 'Dockerfile')) !== null)
    .map((entry) => entry.name);
  return versions.includes(NEWEST) ? NEWEST : versions.sort(compareVersions).at(-1);
}

/** Orders names of versions: by their numbers, then a name without a suffix (`-rc1`, `-hand`) is the newer. */
function compareVersions(a: string, b: string): number {
  const [first, second] = [numbersOf(a), numbersOf(b)];
  for (let at = 0; at < Math.max(first.length, second.length); at += 1) {
    const difference = (first[at] ?? -1) - (second[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return b.length - a.length || comparePaths(a, b);
}

/** The numbers that a version begins with; none for a name such as `edge`, which is older than every version. */
function numbersOf(version: string): number[] {
  const [, digits] = /^v?(\d+(?:\.\d+)*)/.exec(version) ?? [];
  return digits?.split('.').map(Number) ?? [];
}
