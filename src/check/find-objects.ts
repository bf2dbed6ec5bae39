import { relative, sep } from 'node:path';
import { isKraftfileName } from '../kraftfile/find-kraftfile.ts';
import { type Entry, pathIn } from './entry.ts';
import type { Files } from './files.ts';
import { isGitIgnored } from './git-ignored.ts';

/** Files of a C, Python or Java compiler. */
const OBJECT = /\.(?:o|pyc|class)$/;
/** The same of a C compiler of Windows, or a model of a 3D program: it is the former beside its source. */
const WINDOWS_OBJECT = /\.obj$/;
const C_SOURCE = /\.(?:c|cc|cpp|cxx)$/;

/** Directories that hold what others made. */
const FOREIGN: ReadonlySet<string> = new Set(['.git', '.unikraft', 'node_modules', 'vendor', 'third_party']);

/** More directories than any entry's sources have; in the rest no object file is found. */
const MAX_DIRECTORIES = 500;

/**
 * The object files among the sources of an entry: not in a root file system that its Kraftfiles name, in other entries
 * below it, or in what git ignores.
 */
export async function findObjects(files: Files, entry: Entry): Promise<string[]> {
  const roots = new Set(
    entry.kraftfiles.flatMap(({ rootfs }) =>
      rootfs?.is === 'directory' ? [relative(files.root, rootfs.path).split(sep).join('/')] : [],
    ),
  );
  const isIgnored = async (path: string) => await isGitIgnored(files, pathIn(entry, path));
  const found: string[] = [];
  const left = [''];
  for (let count = 0; left.length > 0 && count < MAX_DIRECTORIES; count += 1) {
    const directory = left.pop() ?? '';
    const listed = await files.list(directory === '' ? entry.name : pathIn(entry, directory));
    if (directory !== '' && listed.some(({ name }) => isKraftfileName(name))) continue;
    const names = listed.map(({ name }) => name);
    for (const item of listed) {
      const { name } = item;
      const path = directory === '' ? name : `${directory}/${name}`;
      if (item.isDirectory()) {
        if (!FOREIGN.has(name) && !roots.has(pathIn(entry, path)) && !(await isIgnored(path)))
          left.push(path);
      } else if (isObject(name, names) && !(await isIgnored(path))) found.push(path);
    }
  }
  return found.sort();
}

function isObject(name: string, beside: readonly string[]): boolean {
  if (OBJECT.test(name)) return true;
  if (!WINDOWS_OBJECT.test(name)) return false;
  const stem = name.slice(0, -'.obj'.length);
  return beside.some((other) => C_SOURCE.test(other) && other.replace(C_SOURCE, '') === stem);
}
