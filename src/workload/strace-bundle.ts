import { fileSource } from '../elf/byte-source.ts';
import { isElf, readElfHeader } from '../elf/elf-header.ts';
import { resolveClosure } from '../elf/resolve-closure.ts';
import type { TarItem } from '../image/pack-tar.ts';
import { UserError } from '../shared/failure.ts';
import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { baseName, type ImagePath } from '../shared/image-path.ts';
import { isMadeFor } from './engine-machine.ts';

/** Where strace lives in a traced container; no entry has such a path. */
export const BUNDLE_DIRECTORY = '/.kraft-slim-tracer';

/** strace with its own loader and libraries in one directory, so that it runs over any image, static, musl or glibc. */
export type StraceBundle = {
  /** The directory and what is in it: `strace`, `loader` and the libraries under the names they are asked for. */
  readonly items: readonly TarItem[];
  /** False for a static strace, which needs none. */
  readonly hasLoader: boolean;
};

/** Where distributions install it. */
const USUAL_PLACES = ['/usr/bin/strace', '/usr/local/bin/strace', '/bin/strace'];

/**
 * Takes strace out of a file system, with all that its loader will open.
 * @throws UserError where there is none, or none that an engine of this architecture (`amd64`, `arm64`) could run.
 */
export function bundleFrom(
  tree: FileTree,
  architecture: string,
  places: readonly string[] = USUAL_PLACES,
): StraceBundle {
  const strace = places
    .map((path) => resolvePath(tree, path))
    .find(({ entry }) => entry?.type === 'file')?.path;
  if (strace === undefined) throw refusal(`there is no ${places.join(', no ')}`);
  const source = fileSource(tree, strace);
  if (!isElf(source) || !isMadeFor(architecture, readElfHeader(source).machine)) {
    throw refusal(`${strace} is not a program for the engine's ${architecture}`);
  }
  const { objects, missing } = resolveClosure(tree, [strace]);
  const [lost] = missing.filter(({ request }) => request !== 'preload');
  if (lost !== undefined) throw refusal(`its library ${lost.name} is missing`);
  const items: TarItem[] = [{ name: BUNDLE_DIRECTORY.slice(1), type: 'directory', mode: 0o755 }];
  let hasLoader = false;
  for (const { realPath, lookups } of objects) {
    const isLoader = lookups.some(({ request }) => request === 'interpreter');
    hasLoader ||= isLoader;
    const name =
      realPath === strace ? 'strace' : isLoader ? 'loader' : baseName(lookups[0]?.path as ImagePath);
    const content = tree.read(realPath);
    items.push({ name: `${BUNDLE_DIRECTORY.slice(1)}/${name}`, mode: 0o755, size: content.length, content });
  }
  return { items, hasLoader };
}

function refusal(why: string): UserError {
  return new UserError('engine-refused', `cannot use strace: ${why}`);
}
