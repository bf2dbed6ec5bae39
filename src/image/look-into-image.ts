import { randomBytes } from 'node:crypto';
import { addAbortSignal, type Duplex } from 'node:stream';
import type { Container, Engine, ImageConfig } from '../engine/engine.ts';
import { EngineRefusal } from '../engine/engine-fault.ts';
import { type Listed, readListing, STAT_FORMAT } from './file-listing.ts';
import { packItems } from './pack-tar.ts';

/** What a container may take that looks into an image. */
export const LOOK_LIMITS = { memoryBytes: 256 * 1024 ** 2, pids: 16 };

/**
 * Lists all paths, with a last line that gives the time, then packs those that it reads: as several tars where they
 * are many, which tar-stream reads as one. `$1` is the busybox.
 */
const scriptFor = (leftOut: readonly string[]) => `
"$1" find / -xdev \\( -path /.dockerenv -o -path "$1" ${leftOut.map((path) => `-o -path ${path}`).join(' ')} \\) \\
  -prune -o -exec "$1" stat -c '${STAT_FORMAT}' {} + && "$1" date "+= $1 %s"
exec "$1" xargs -0 "$1" tar -c -f - --no-recursion`;

export type ListRequest = {
  readonly image: Pick<ImageConfig, 'id'>;
  /** A static busybox for the engine's machine. */
  readonly busybox: () => Promise<Uint8Array>;
  readonly signal: AbortSignal;
};

/** File systems that the kernel makes. */
const KERNEL_TREES = ['/dev', '/proc', '/sys'];

/**
 * All paths of an image but those below /dev, /proc and /sys, with what stat(2) reports of each. The engine's stubs
 * of a container are among them. Undefined where no busybox runs in the image or a name cannot be read.
 * @throws what the engine throws for every other reason.
 */
export async function listImage(
  engine: Engine,
  request: ListRequest,
): Promise<readonly Listed[] | undefined> {
  await using looked = await lookInto(engine, request, KERNEL_TREES);
  request.signal.throwIfAborted();
  return looked?.listing?.files;
}

/** A listing of an image, and the time in seconds when it was made. */
export type Listing = { readonly files: readonly Listed[]; readonly time: number };

/** A container that has listed the files of its image, and waits for the names of those that it packs. */
export type ImageLook = AsyncDisposable & {
  readonly container: Container;
  readonly talk: Duplex;
  readonly chunks: AsyncIterator<Buffer>;
  /** What came behind the listing. */
  readonly rest: Buffer;
  /** Undefined where none was made that can be understood. */
  readonly listing: Listing | undefined;
};

/**
 * Lists an image in a container of it, but for some directories; undefined where the engine cannot start a busybox in
 * it, as in an image for another architecture.
 */
export async function lookInto(
  engine: Engine,
  { image, busybox, signal }: ListRequest,
  leftOut: readonly string[],
): Promise<ImageLook | undefined> {
  // nothing that an image may have itself
  const name = `busybox-${randomBytes(8).toString('hex')}`;
  const content = await busybox();
  const container = await engine.createContainer({
    image: image.id,
    argv: [`/${name}`, 'sh', '-c', scriptFor(leftOut), 'sh', `/${name}`],
    env: {},
    network: 'none',
    takesInput: true,
    limits: LOOK_LIMITS,
  });
  try {
    const item = { name, type: 'file', mode: 0o755, size: content.length, content } as const;
    await container.putArchive(packItems([item]), '/', signal);
    const talk = addAbortSignal(signal, await container.converse());
    if (!(await isStarted(container))) {
      talk.destroy();
      await container[Symbol.asyncDispose]();
      return undefined;
    }
    const chunks = talk.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    const head = await readHead(chunks, new RegExp(`^= /${name} (\\d+)\n`, 'm'));
    return {
      container,
      talk,
      chunks,
      ...head,
      [Symbol.asyncDispose]: async () => {
        talk.destroy();
        await container[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
}

/** Whether a container starts; false where the engine refuses to run its program. */
async function isStarted(container: Container): Promise<boolean> {
  try {
    await container.start();
    return true;
  } catch (error) {
    if (error instanceof EngineRefusal && error.code === 'engine-refused') return false;
    throw error;
  }
}

async function readHead(
  chunks: AsyncIterator<Buffer>,
  ending: RegExp,
): Promise<Pick<ImageLook, 'rest' | 'listing'>> {
  const read: Buffer[] = [];
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    read.push(next.value);
    // the end of the listing may come in two pieces
    if (!ending.test(Buffer.concat(read.slice(-2)).toString('latin1'))) continue;
    const all = Buffer.concat(read);
    const text = all.toString('latin1');
    const [line = '', time] = ending.exec(text) ?? [];
    const end = text.indexOf(line);
    const files = readListing(all.subarray(0, end).toString('utf8'));
    const listing = files === undefined ? undefined : { files, time: Number(time) };
    return { rest: all.subarray(end + line.length), listing };
  }
  return { rest: Buffer.of(), listing: undefined };
}
