import { resolvePath } from '../../shared/file-tree.ts';
import { baseName, type ImagePath } from '../../shared/image-path.ts';
import type { PromiseContext } from './rule.ts';

const SHARED_OBJECT = /\.so(?:\.\d+)*$/;

/**
 * Paths less those that would copy a file a second time, since each name of a file that is asked for arrives as a
 * file: of a library the link by which it is loaded stands for `libcurl.so.4.8.0` behind it, and a library that is
 * needed already by that name is left out.
 */
export function namedOnce(paths: readonly ImagePath[], { tree, needs }: PromiseContext): ImagePath[] {
  const realOf = (path: ImagePath) => resolvePath(tree, path).path;
  const keyOf = (path: ImagePath) => `${baseName(path)}\n${realOf(path)}`;
  const needed = new Set(needs.map(({ path }) => keyOf(path)));
  const linked = new Set(
    [...paths, ...needs.map(({ path }) => path)].flatMap((path) => {
      const real = realOf(path);
      return real === path || !SHARED_OBJECT.test(real) ? [] : [real];
    }),
  );
  return paths.filter((path) => !linked.has(path) && !needed.has(keyOf(path)));
}
