import { Readable } from 'node:stream';
import type { Engine, ImageConfig } from '../engine/engine.ts';
import { disposeAll } from '../shared/dispose-all.ts';
import { comparePaths, type ImagePath } from '../shared/image-path.ts';
import type { Listed } from './file-listing.ts';
import type { KnownFile, KnownFiles } from './known-files.ts';
import { type ImageLook, type Listing, type ListRequest, LOOK_LIMITS, lookInto } from './look-into-image.ts';
import { type Placed, Rootfs } from './rootfs.ts';
import type { RootfsEntry } from './rootfs-entry.ts';
import { Spool } from './spool.ts';
import { spoolTar } from './spool-tar.ts';

export type TakeRequest = ListRequest & {
  readonly image: ImageConfig;
  /** What earlier images had; what this image has is added. */
  readonly known: KnownFiles;
  /** A path for a new file of the host. */
  readonly newSpool: () => Promise<string>;
  /** Takes the image as a whole. */
  readonly takeWhole: () => Promise<Rootfs>;
};

/** What the engine mounts something in when a container runs: taken before it does. */
const MOUNTED = ['/dev', '/etc', '/proc', '/sys'];

/** An image of which less than this share of the bytes is known is taken as a whole. */
const WORTHWHILE = 0.3;

/** An image of fewer bytes than this is taken as a whole sooner than it is looked into. */
const SMALL = 32 * 1024 ** 2;

/** The most that is fetched beside what is known, in bytes: it waits in memory to be written. */
const MAX_FETCHED = 128 * 1024 ** 2;

/** A file that was changed in these last seconds may change again without a change of its times. */
const SETTLED_S = 2;

/**
 * Takes the file system of an image, and fetches only what earlier images did not have, by a listing that a busybox
 * makes inside. The result is that of an export, in a third of the time where images share their base. Where that
 * cannot be done (volumes lie over what the image has, names that no line can hold) or saves nothing, it is taken as
 * a whole.
 */
export async function takeShared(engine: Engine, request: TakeRequest): Promise<Rootfs> {
  const { image, known, signal } = request;
  const [base] = image.layers;
  if (base === undefined || image.bytes < SMALL || image.volumes.length > 0) return await request.takeWhole();
  return await known.afterFirst(base, async () => {
    signal.throwIfAborted();
    return await takeKnowing(engine, request);
  });
}

async function takeKnowing(engine: Engine, request: TakeRequest): Promise<Rootfs> {
  const { takeWhole, signal } = request;
  await using looked = await lookInto(engine, request, MOUNTED).catch(() => undefined);
  signal.throwIfAborted();
  // an image that no busybox of this machine runs in, or an image whose listing cannot be read
  if (looked?.listing === undefined) return await takeWhole();
  const { listing } = looked;
  const taken = await takeParts(engine, looked, request);
  if (taken !== undefined) return taken;
  const whole = await takeWhole();
  await remember(request.known, listing, whole);
  return whole;
}

type Part = { readonly entries: ReadonlyMap<ImagePath, RootfsEntry>; readonly spool: Spool };

/** The file system of what is known and what is fetched; undefined where that is not worth it or not possible. */
async function takeParts(
  engine: Engine,
  look: ImageLook,
  { image, known, newSpool, signal }: TakeRequest,
): Promise<Rootfs | undefined> {
  const { files = [], time = 0 } = look.listing ?? {};
  const spools = new Set<Spool>();
  const spool = async (tar: Readable): Promise<Part> => {
    const path = await newSpool();
    const part = { entries: await spoolTar(tar, path), spool: new Spool(path) };
    spools.add(part.spool);
    return part;
  };
  const found = new Map<ImagePath, RootfsEntry>();
  const places = new Map<RootfsEntry, Placed>();
  const unknown: Listed[] = [];
  let taken: Rootfs | undefined;
  try {
    for (const listed of files) {
      const { path, type } = listed;
      const file = HAVE_CONTENT.has(type) ? known.get(stampOf(listed)) : undefined;
      if (HAVE_CONTENT.has(type) && file === undefined) unknown.push(listed);
      else found.set(path, entryOf(listed, file?.linkTarget ?? null));
      if (file === undefined) continue;
      places.set(found.get(path) as RootfsEntry, file);
      // held at once, since it may be forgotten in the meantime
      if (!spools.has(file.spool)) spools.add(file.spool.hold());
    }
    const bytes = (all: readonly Listed[]) => all.reduce((sum, { size }) => sum + size, 0);
    const fetched = bytes(unknown);
    if (fetched > MAX_FETCHED || fetched > (1 - WORTHWHILE) * bytes(files)) return undefined;

    look.talk.end(unknown.map(({ path }) => `${path}\0`).join(''));
    const rest = await spool(Readable.from(unknown.length === 0 ? EMPTY_TAR : restOf(look)));
    for (const listed of unknown) {
      const entry = rest.entries.get(listed.path);
      if (entry?.type !== listed.type || entry.size !== listed.size) return undefined;
      const { offset } = (entry.hardLinkTo === null ? entry : rest.entries.get(entry.hardLinkTo)) ?? entry;
      const placed = entryOf(listed, entry.linkTarget);
      found.set(listed.path, placed);
      places.set(placed, { spool: rest.spool, offset });
    }
    // one that never ran: nothing is mounted in it
    const spec = { image: image.id, argv: ['/'], env: {}, network: 'none', limits: LOOK_LIMITS } as const;
    await using still = await engine.createContainer(spec);
    for (const directory of MOUNTED) {
      const part = await spool(await still.getArchive(directory, signal));
      for (const [path, entry] of part.entries) {
        found.set(path, entry);
        places.set(entry, { spool: part.spool, offset: entry.offset });
      }
    }
    taken = new Rootfs(inOrder(found, files), {
      spools: [...spools],
      placeOf: (entry) => places.get(entry) as Placed,
    });
    await remember(known, { files: unknown, time }, taken);
    return taken;
  } finally {
    if (taken === undefined) await disposeAll([...spools]);
  }
}

const HAVE_CONTENT: ReadonlySet<string> = new Set(['file', 'symlink']);

/** Two blocks of zeros, as tar(5) ends. */
const EMPTY_TAR: readonly Buffer[] = [Buffer.alloc(1024)];

async function* restOf({ rest, chunks }: ImageLook): AsyncGenerator<Buffer> {
  if (rest.length > 0) yield rest;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}

function entryOf({ type, size, mode, uid, gid, mtime }: Listed, linkTarget: string | null): RootfsEntry {
  return { type, size, mode, uid, gid, mtime, linkTarget, hardLinkTo: null, offset: 0 };
}

/**
 * The entries in the order of an export: a directory before what is in it, names by their bytes, second names of
 * files as such.
 */
function inOrder(
  found: ReadonlyMap<ImagePath, RootfsEntry>,
  files: readonly Listed[],
): ReadonlyMap<ImagePath, RootfsEntry> {
  const inodes = new Map(
    files.flatMap(({ path, type, links, inode }) => (type === 'file' && links > 1 ? [[path, inode]] : [])),
  );
  const firstNames = new Map<string, ImagePath>();
  const entries = new Map<ImagePath, RootfsEntry>();
  const sorted = [...found].map(([path, entry]) => ({ path, entry, key: path.replaceAll('/', '\0') }));
  for (const { path, entry } of sorted.sort((a, b) => comparePaths(a.key, b.key))) {
    const inode = inodes.get(path);
    const first = inode === undefined ? undefined : firstNames.get(inode);
    if (inode !== undefined && first === undefined) firstNames.set(inode, path);
    entries.set(path, first === undefined ? entry : { ...entry, hardLinkTo: first });
  }
  return entries;
}

/** All that stat(2) reports of a file: it identifies the file. */
function stampOf({ path, type, size, mode, uid, gid, mtime, ctime, inode }: Listed): string {
  return `${inode} ${ctime} ${mtime} ${type} ${size} ${mode} ${uid}:${gid} ${path}`;
}

/** Adds files of an image for the next one. */
async function remember(known: KnownFiles, { files, time }: Listing, rootfs: Rootfs): Promise<void> {
  const bySpool = new Map<Spool, [stamp: string, file: KnownFile][]>();
  let bytes = 0;
  for (const listed of files) {
    const entry = rootfs.lookup(listed.path);
    if (!HAVE_CONTENT.has(listed.type) || entry?.type !== listed.type || entry.size !== listed.size) continue;
    if (listed.ctime > time - SETTLED_S) continue;
    const place = rootfs.placeOf(listed.path);
    const added = bySpool.get(place.spool) ?? [];
    added.push([stampOf(listed), { ...place, linkTarget: entry.linkTarget }]);
    bySpool.set(place.spool, added);
    bytes += listed.size;
  }
  for (const [spool, added] of bySpool) await known.add(spool, bytes, added);
}
