import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { git } from './git.ts';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts';

const FIXTURES = join(import.meta.dirname, '../../catalog-fixtures');

/** Files by their path from the catalog's root; a function edits what is there, null removes it. */
export type Files = Readonly<Record<string, string | null | ((before: string) => string)>>;

/** A catalog in a separate git work tree, all of it committed when it is made. */
export interface Catalog extends AsyncDisposable {
  readonly path: string;
  read(name: string): Promise<string>;
  /** Changes files without committing them. */
  write(files: Files): Promise<void>;
  commit(): Promise<void>;
  /** What git says has changed since the last commit, one short line for each path. */
  status(): Promise<string[]>;
  /** The bytes and the time of the last change of a file, to see whether it was touched. */
  stamp(name: string): Promise<{ readonly text: string; readonly mtimeMs: number; readonly ino: number }>;
}

/** A copy of the fixtures, with changes that are committed as well. */
export async function fixtureCatalog(changes: Files = {}): Promise<Catalog> {
  return await makeCatalog(async (path) => await cp(FIXTURES, path, { recursive: true }), changes);
}

/** A catalog of these files alone. */
export async function catalogOf(files: Files): Promise<Catalog> {
  return await makeCatalog(async (path) => {
    for (const folder of ['library', 'examples']) await mkdir(join(path, folder), { recursive: true });
  }, files);
}

/** A catalog of these files alone, whose entries need not lie in folders. */
export async function cloudCatalog(files: Files): Promise<Catalog> {
  return await makeCatalog(async () => {}, files);
}

async function makeCatalog(fill: (path: string) => Promise<void>, changes: Files): Promise<Catalog> {
  const directory = await temporaryDirectory();
  const { path } = directory;
  const catalog = catalogAt(directory);
  await fill(path);
  await catalog.write(changes);
  await git(path, 'init', '--quiet');
  await catalog.commit();
  return catalog;
}

/** The catalog in a directory that has a git work tree; disposing of it removes the directory. */
export function catalogAt(directory: TemporaryDirectory): Catalog {
  const { path } = directory;
  return {
    path,
    read: async (name) => await readFile(join(path, name), 'utf8'),
    write: (files) => writeFiles(path, files),
    async commit() {
      await git(path, 'add', '--all');
      await git(path, 'commit', '--quiet', '--allow-empty', '--message', 'change');
    },
    async status() {
      const text = await git(path, 'status', '--porcelain', '--untracked-files=all');
      return text.split('\n').filter((line) => line !== '');
    },
    async stamp(name) {
      const { mtimeMs, ino } = await stat(join(path, name));
      return { text: await readFile(join(path, name), 'utf8'), mtimeMs, ino };
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [name, change] of Object.entries(files)) {
    const path = join(root, name);
    if (change === null) {
      await rm(path, { recursive: true });
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof change === 'string' ? change : change(await readFile(path, 'utf8')));
  }
}
