import { BuildError } from '../../src/engine/engine.ts';
import { resolvePath } from '../../src/shared/file-tree.ts';
import { type ImagePath, imagePath, parentOf, ROOT } from '../../src/shared/image-path.ts';
import type { RootfsTable } from '../support/rootfs.ts';
import { WorldTree } from './tree.ts';

const REMOVAL = /^rm -rf((?:\s+\/[\w./@%+=:,~-]+)+)$/;

const STAGING = /^umask 022;.*--hard-dereference --no-recursion.*rm \.\.\/tar$/s;

/**
 * What the RUN lines do that the tool itself writes: a stage that prunes, and a stage that assembles a root by GNU tar
 * from a list. Undefined for every other command.
 */
export function runByShell(text: string, table: RootfsTable): RootfsTable | undefined {
  const words = text.replace(/\\\n/g, ' ').replace(/\s+/g, ' ').trim();
  const tree = new WorldTree(table);
  const [, removed] = REMOVAL.exec(words) ?? [];
  if (removed !== undefined) {
    require(tree, text, ['sh', 'rm']);
    for (const path of removed.trim().split(' ')) tree.remove(imagePath(path));
    return tree.table();
  }
  if (!STAGING.test(words)) return undefined;
  require(tree, text, ['sh', 'tar', 'mkdir', 'rm']);
  assemble(tree, text, {
    keepsDirectories: !words.includes('mkdir -p'),
    keepsLinks: !words.includes('--dereference --hard-dereference'),
  });
  return tree.table();
}

function require(tree: WorldTree, text: string, programs: readonly string[]): void {
  for (const name of programs) {
    const places = name === 'sh' ? ['/bin/sh'] : [`/usr/bin/${name}`, `/bin/${name}`];
    if (places.every((place) => resolvePath(tree, place).entry?.type !== 'file'))
      throw failed(text, `${name}: not found`);
  }
}

function failed(text: string, why: string): BuildError {
  return new BuildError(`process "${text}" did not complete: exit code: 2`, `[1/2] RUN ${text}`, [why]);
}

type Tar = { readonly keepsDirectories: boolean; readonly keepsLinks: boolean };

/** Copies what a list names below the directory that the stage works in, as tar(1) archives and extracts it. */
function assemble(tree: WorldTree, text: string, { keepsDirectories, keepsLinks }: Tar): void {
  const list = Object.keys(tree.table()).filter((path) => /^\/\.rootfs\d*\/list$/.test(path));
  const [only, ...more] = list;
  if (only === undefined || more.length > 0) throw failed(text, `cannot open ../list: ${list.length} lists`);
  const root = `${parentOf(imagePath(only))}/root`;
  const lines = Buffer.from(tree.read(imagePath(only)))
    .toString()
    .split('\n');
  for (const line of lines.filter((name) => name.startsWith('/'))) {
    const path = imagePath(line);
    const found = resolvePath(tree, path, { followLast: !keepsLinks || line.endsWith('/') });
    if (found.entry === undefined) throw failed(text, `tar: ${line}: Cannot stat: No such file or directory`);
    const to = imagePath(`${root}${path}`);
    const value = valueAt(tree, found.path);
    const isDirectory = found.entry.type === 'directory';
    if (!isDirectory || keepsDirectories) tree.put(to, value);
    else if (tree.lookup(to) === undefined) tree.put(to, 'directory');
  }
}

/** The value of a path of a tree, with the content where it is another name of a file. */
function valueAt(tree: WorldTree, path: ImagePath): RootfsTable[string] {
  const place = tree.placeOf(path);
  const value = tree.table()[place];
  if (place === ROOT || value === undefined) throw new Error(`the world cannot archive ${path}`);
  return value;
}
