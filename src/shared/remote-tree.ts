import type { FileTree, TreeEntry } from './file-tree.ts';
import { baseName, childOf, type ImagePath, parentOf, ROOT } from './image-path.ts';
import type { AskParent } from './serve-work.ts';

type Listing = readonly (readonly [name: string, entry: TreeEntry | undefined])[];

/** Questions about a tree that another thread holds. */
export type TreeQuestion =
  | { readonly kind: 'list'; readonly path: ImagePath }
  | { readonly kind: 'root' }
  | { readonly kind: 'read'; readonly path: ImagePath; readonly offset?: number; readonly length?: number };

/** Answers the questions of a `remoteTree`. */
export function answerTree(tree: FileTree, question: TreeQuestion): unknown {
  switch (question.kind) {
    case 'root':
      return tree.lookup(ROOT);
    case 'list':
      return tree
        .list(question.path)
        .map((name) => [name, tree.lookup(childOf(question.path, name))] as const);
    case 'read':
      // a part of a larger buffer would be sent with all of it
      return new Uint8Array(tree.read(question.path, question.offset, question.length));
  }
}

/** A tree that another thread holds. It is asked for each directory once, and for the bytes of files. */
export function remoteTree(ask: AskParent): FileTree {
  const listings = new Map<ImagePath, ReadonlyMap<string, TreeEntry | undefined>>();
  let root: TreeEntry | undefined | null = null;
  const put = (question: TreeQuestion) => ask(question);
  const listingOf = (path: ImagePath) => {
    const known = listings.get(path);
    if (known !== undefined) return known;
    const listing = new Map(put({ kind: 'list', path }) as Listing);
    listings.set(path, listing);
    return listing;
  };
  return {
    lookup(path) {
      if (path !== ROOT) return listingOf(parentOf(path)).get(baseName(path));
      root = root === null ? (put({ kind: 'root' }) as TreeEntry | undefined) : root;
      return root;
    },
    list: (directory) => [...listingOf(directory).keys()],
    read: (path, offset, length) =>
      put({
        kind: 'read',
        path,
        ...(offset === undefined ? {} : { offset }),
        ...(length === undefined ? {} : { length }),
      }) as Uint8Array,
  };
}
