import type { Readable } from 'node:stream';
import { resolveClosure } from '../elf/resolve-closure.ts';
import type { Container } from '../engine/engine.ts';
import { packItems, type TarItem } from '../image/pack-tar.ts';
import { contentOf } from '../image/unpack-tar.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { baseName, type ImagePath } from '../shared/image-path.ts';
import { readTrace, type Trace } from '../strace/read-trace.ts';
import { straceOptions } from '../strace/trace-options.ts';
import { hostTree } from './host-tree.ts';

/** Where the tracer lives in a traced container; no entry has such a path. */
const DIRECTORY = '/.kraft-slim-tracer';
const LOG = `${DIRECTORY}/log`;

/** strace with its own loader and libraries, so that it runs over any image, static, musl or glibc. */
export type Tracer = {
  readonly argvPrefix: readonly string[];
  readonly files: () => Readable;
  /** Reads the log of a traced container that has ended. */
  readonly collect: (container: Container) => Promise<Trace>;
};

/** A tracer assembled from the host's strace; undefined where the host has none. */
export function hostTracer(): Tracer | undefined {
  const items = bundle();
  if (items === undefined) return undefined;
  return {
    argvPrefix: [
      `${DIRECTORY}/loader`,
      '--library-path',
      DIRECTORY,
      `${DIRECTORY}/strace`,
      ...straceOptions(LOG),
      '--',
    ],
    files: () => packItems(items),
    collect: async (container) => await readTrace(contentOf(await container.getArchive(LOG))),
  };
}

function bundle(): TarItem[] | undefined {
  const strace = ['/usr/bin/strace', '/usr/local/bin/strace', '/bin/strace']
    .map((path) => resolvePath(hostTree, path))
    .find(({ entry }) => entry?.type === 'file');
  if (strace === undefined) return undefined;
  const closure = resolveClosure(hostTree, [strace.path]);
  const items: TarItem[] = [{ name: DIRECTORY.slice(1), type: 'directory', mode: 0o755 }];
  for (const { realPath, lookups } of closure.objects) {
    const isLoader = lookups.some(({ request }) => request === 'interpreter');
    const name =
      realPath === strace.path ? 'strace' : isLoader ? 'loader' : baseName(lookups[0]?.path as ImagePath);
    const content = hostTree.read(realPath);
    items.push({ name: `${DIRECTORY.slice(1)}/${name}`, mode: 0o755, size: content.length, content });
  }
  return items;
}
