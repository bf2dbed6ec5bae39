import { ancestorsOf, baseName, type ImagePath } from '../../../shared/image-path.ts';

/** Every directory of a name above a kept path, each once: `site-packages`, `node_modules`. */
export function keptAbove(kept: Iterable<ImagePath>, isNamed: (name: string) => boolean): ImagePath[] {
  const found = new Set<ImagePath>();
  for (const path of kept) {
    for (const directory of ancestorsOf(path)) if (isNamed(baseName(directory))) found.add(directory);
  }
  return [...found];
}
