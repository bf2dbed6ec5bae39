import { resolvePath } from '../../src/shared/file-tree.ts';
import { ancestorsOf, type ImagePath, imagePath } from '../../src/shared/image-path.ts';
import type { RootfsTable } from '../support/rootfs.ts';
import { WorldTree } from './tree.ts';

/** Whether a RUN is the RUN of a staged root, `templates/staged-root.hbs`. */
export function isAssembly(text: string): boolean {
  return text.includes('--files-from=../paths');
}

/** What the two tars of a staged root make: below `root`, each path that the list names. */
export function assembleRoot(text: string, table: RootfsTable): RootfsTable {
  const tree = new WorldTree(table);
  const list = Object.keys(table).find((path) => /^\/\.rootfs\d*\/list$/.test(path));
  if (list === undefined) throw new Error('the world finds no list for the RUN that assembles a root');
  const root = list.replace(/list$/, 'root');
  const isExact = !text.includes('--no-overwrite-dir');
  const keepsLinks = !text.includes('--dereference');
  const lines = Buffer.from(tree.read(imagePath(list)))
    .toString()
    .split('\n');
  for (const line of lines.filter((candidate) => candidate.startsWith('/'))) {
    const path = imagePath(line);
    for (const above of ancestorsOf(path)) copy(above, { table, tree, root, isExact });
    const source = keepsLinks ? path : resolvePath(new WorldTree(table), path).path;
    const value = table[source];
    if (value === undefined) throw new Error(`tar: ${path}: Cannot stat: No such file or directory`);
    if (line.endsWith('/')) copy(path, { table, tree, root, isExact });
    else tree.put(imagePath(`${root}${path}`), value);
  }
  return tree.table();
}

function copy(
  path: ImagePath,
  { table, tree, root, isExact }: { table: RootfsTable; tree: WorldTree; root: string; isExact: boolean },
): void {
  const value = table[path];
  const isDirectory = typeof value === 'string' && value.startsWith('directory');
  const place = imagePath(`${root}${path}`);
  if (tree.lookup(place) === undefined && path !== '/')
    tree.put(place, isExact && isDirectory ? value : 'directory');
}

/** Whether a RUN removes paths alone, `templates/pruned.hbs`. */
export function isPruning(text: string): boolean {
  return /^rm -rf( +\/\S+)+$/.test(text);
}

/** A tree without the paths that a RUN removes. */
export function prune(text: string, table: RootfsTable): RootfsTable {
  const tree = new WorldTree(table);
  for (const path of text.split(/ +/).slice(2)) tree.remove(imagePath(path));
  return tree.table();
}
