import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { bytesSource } from '../elf/byte-source.ts';
import { isElf } from '../elf/elf-header.ts';
import { readElf } from '../elf/read-elf.ts';
import type { Engine, ImageId } from '../engine/engine.ts';
import { packItems } from '../image/pack-tar.ts';
import { Rootfs } from '../image/rootfs.ts';
import { contentOf } from '../image/unpack-tar.ts';
import { isNotFound, messageOf, UserError } from '../shared/failure.ts';
import { scopeOfRun } from '../shared/scope.ts';
import { isMadeFor } from './engine-machine.ts';
import { bundleFrom } from './strace-bundle.ts';
import { toolsContainer } from './tools-container.ts';

/** Images that the tool makes once in an engine for each scope, and that stay there until `clean`, with their forms. */
const FORMS = { empty: 2, sidecar: 1, tracer: 1 } as const;

/** The reference of a helper image: each scope has separate images, so that a `clean` takes no other scope's. */
export function helperReference(name: keyof typeof FORMS): string {
  return `kraft-slim/${name}:${FORMS[name]}-${scopeOfRun().name}`;
}

/** Where the busybox is in the sidecar's image. */
export const SIDECAR_BUSYBOX = '/bin/busybox';

/**
 * An image with nothing in it that a container would not have anyway, for containers whose files are put in one by
 * one.
 */
export async function emptyImage(engine: Engine): Promise<ImageId> {
  const reference = helperReference('empty');
  const found = await engine.inspectImage(reference);
  // engines refuse to import a tar without any entry; /dev they make themselves in every container
  return (
    found?.id ??
    (await engine.importImage(packItems([{ name: 'dev', type: 'directory', mode: 0o755 }]), reference))
  );
}

/** An image with a static busybox alone; its `nc` is the way to an app's loopback. */
export async function sidecarImage(engine: Engine, signal?: AbortSignal): Promise<ImageId> {
  const reference = helperReference('sidecar');
  const found = await engine.inspectImage(reference);
  if (found !== undefined) return found.id;
  const content = await staticBusybox(engine, signal);
  const items = [
    { name: 'bin', type: 'directory', mode: 0o755 } as const,
    { name: SIDECAR_BUSYBOX.slice(1), mode: 0o755, size: content.length, content },
  ];
  return await engine.importImage(packItems(items), reference);
}

export type TracerImageOptions = {
  /** Gives a path for a new file of the host, under which a root file system is spooled for a moment. */
  readonly newSpool: () => Promise<string>;
  readonly signal?: AbortSignal;
};

/**
 * An image with strace, its loader and libraries alone, in `BUNDLE_DIRECTORY`, for the engine's own architecture.
 * @throws UserError where it cannot be made, since no package can be had.
 */
export async function tracerImage(
  engine: Engine,
  { newSpool, signal }: TracerImageOptions,
): Promise<ImageId> {
  const reference = helperReference('tracer');
  const found = await engine.inspectImage(reference);
  if (found !== undefined) return found.id;
  await using container = await toolsContainer(engine, signal);
  await using tree = await Rootfs.fromTar(await container.export(signal), await newSpool());
  const { items } = bundleFrom(tree, engine.architecture);
  return await engine.importImage(packItems(items), reference);
}

/** Where this project's set-up script puts one on a machine whose own busybox is another. */
const SETUP_BUSYBOX = '/usr/local/lib/kraft-slim/busybox';

/**
 * This machine's static busybox where the engine can run it, else Debian's. `KRAFT_SLIM_BUSYBOX` names one, or `image`.
 * @throws UserError `engine-refused` where there is none.
 */
export async function staticBusybox(engine: Engine, signal?: AbortSignal): Promise<Buffer> {
  const chosen = process.env.KRAFT_SLIM_BUSYBOX ?? '';
  const candidates = [chosen, '/bin/busybox', '/usr/bin/busybox', SETUP_BUSYBOX];
  for (const path of chosen === 'image' ? [] : candidates) {
    if (path === '') continue;
    const bytes = await readFile(path).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (bytes !== undefined && isStatic(bytes, engine.architecture)) return bytes;
  }
  try {
    await using container = await toolsContainer(engine, signal);
    const content = contentOf(await container.getArchive('/bin/busybox', signal));
    return Buffer.concat(await Readable.from(content).toArray());
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof UserError && error.code !== 'build-failed') throw error;
    throw new UserError(
      'engine-refused',
      `cannot make the sidecar image: there is no static busybox on this machine, and ${messageOf(error)}`,
      {
        hint: 'install the package busybox-static, or set KRAFT_SLIM_BUSYBOX to the path of a static busybox',
        cause: error,
      },
    );
  }
}

function isStatic(bytes: Buffer, architecture: string): boolean {
  const source = bytesSource(bytes);
  if (!isElf(source)) return false;
  const { header, interpreter, dependencies } = readElf(source);
  return isMadeFor(architecture, header.machine) && interpreter === null && dependencies.length === 0;
}
