import type { FileTree } from '../../shared/file-tree.ts';
import { ancestorsOf, childOf, type ImagePath, ROOT } from '../../shared/image-path.ts';

/** Directories of what programs make when they run. */
const STATE = /^\/(?:var\/(?:cache|log|spool|tmp)|run|tmp)(?:\/|$)/;

/**
 * Files and links that no package has and that lie among the files of a single source, by package: its maintainer
 * scripts and triggers have made them (Debian Policy 6), for example `/usr/lib/swi-prolog/library/INDEX.pl`, or its
 * user has. **owners** has the package of each file.
 */
export function generatedFiles(
  tree: FileTree,
  owners: ReadonlyMap<ImagePath, string>,
  sourceOf: (name: string) => string,
): Map<string, ImagePath[]> {
  const below = new Map<ImagePath, Set<string>>();
  for (const [path, name] of owners) {
    for (const directory of ancestorsOf(path)) {
      const names = below.get(directory);
      if (names === undefined) below.set(directory, new Set([name]));
      else names.add(name);
    }
  }
  const generated = new Map<string, ImagePath[]>();
  for (const [directory, names] of below) {
    if (directory === ROOT || STATE.test(directory) || new Set([...names].map(sourceOf)).size > 1) continue;
    const files = tree
      .list(directory)
      .map((name) => childOf(directory, name))
      .filter((path) => !owners.has(path) && tree.lookup(path)?.type !== 'directory');
    for (const name of files.length === 0 ? [] : names) {
      generated.set(name, [...(generated.get(name) ?? []), ...files]);
    }
  }
  return generated;
}
