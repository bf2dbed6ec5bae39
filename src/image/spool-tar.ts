import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { extract as extractTar, type Header } from 'tar-stream';
import { diskFull } from '../shared/disk-full.ts';
import { decodeName } from '../shared/file-name.ts';
import type { FileType } from '../shared/file-tree.ts';
import { type ImagePath, imagePath, ROOT } from '../shared/image-path.ts';
import { isEngineStub } from './engine-stubs.ts';
import { PaxNameReader, type PaxNames } from './pax-names.ts';
import type { RootfsEntry } from './rootfs-entry.ts';

/** tar's types, as the engine uses them, in our words; what is left out (pax headers) is no path. */
const TYPES: Readonly<Record<string, FileType>> = {
  file: 'file',
  'contiguous-file': 'file',
  link: 'file',
  symlink: 'symlink',
  directory: 'directory',
  fifo: 'fifo',
  'character-device': 'character-device',
  'block-device': 'block-device',
};

/** tar-stream reports where the content of an entry begins, though its types do not say so. */
type PlacedHeader = Header & { readonly byteOffset: number };

/** Each byte of a name in a header is one character, to be decoded here; its types do not know the option. */
const AS_BYTES = { filenameEncoding: 'latin1' } as object;

/**
 * Writes a tar stream to a file while reading it, and gives what it holds: every path with the place of its content
 * in that file; names are as `decodeName` gives them. The engine's own stubs are left out. Where the stream ends too
 * early, the file is removed.
 */
export async function spoolTar(tar: Readable, spool: string): Promise<Map<ImagePath, RootfsEntry>> {
  const entries = new Map<ImagePath, RootfsEntry>();
  const extract = extractTar(AS_BYTES);
  const paxNames = new PaxNameReader();
  extract.on('entry', (encoded, content, next) => {
    const header = withNames(encoded as PlacedHeader, paxNames.at((encoded as PlacedHeader).byteOffset));
    const entry = entryOf(header, entries);
    const path = imagePath(header.name);
    if (entry !== undefined && path !== ROOT && !isEngineStub(path, entry)) entries.set(path, entry);
    content.on('end', () => next());
    // where the tar ends too early, `extract` reports it; without a listener this event would end the process
    content.on('error', () => undefined);
    content.resume();
  });
  const finished = once(extract, 'finish');
  // awaited below; until then a failure must not count as unhandled
  finished.catch(() => undefined);
  await using file = await open(spool, 'wx', 0o600);
  try {
    let written: Promise<unknown> = Promise.resolve();
    for await (const chunk of tar) {
      await written;
      // the disk works while the headers are read
      written = file.writeFile(chunk as Buffer);
      written.catch(() => undefined);
      paxNames.push(chunk as Buffer);
      if (!extract.write(chunk)) await Promise.race([once(extract, 'drain'), finished]);
    }
    extract.end(null);
    await Promise.all([written, finished]);
  } catch (error) {
    await rm(spool, { force: true });
    throw diskFull(error, spool) ?? error;
  }
  return entries;
}

/** A header with its names decoded: those that are no UTF-8 keep their bytes, see `decodeName`. */
function withNames(header: PlacedHeader, raw: PaxNames): PlacedHeader {
  const pax = (header.pax ?? {}) as { readonly path?: string; readonly linkpath?: string };
  const decoded = (text: string) => decodeName(Buffer.from(text, 'latin1'));
  const { linkname } = header;
  return {
    ...header,
    name: raw.path ?? (pax.path || decoded(header.name)),
    linkname: raw.linkpath ?? (pax.linkpath || (linkname ? decoded(linkname) : linkname)),
  };
}

function entryOf(header: PlacedHeader, known: ReadonlyMap<ImagePath, RootfsEntry>): RootfsEntry | undefined {
  const type = TYPES[header.type ?? 'file'];
  if (type === undefined) return undefined;
  const linkTo = header.type === 'link' ? imagePath(header.linkname ?? '') : null;
  const target = linkTo === null ? undefined : known.get(linkTo);
  // a second name of a symbolic link or a device has no content to share
  if (target !== undefined && target.type !== 'file') return target;
  return {
    type,
    size: target?.size ?? header.size ?? 0,
    // Engine 20.10 leaves the bits of the file type in the mode
    mode: (target?.mode ?? header.mode ?? 0) & 0o7777,
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
    mtime: Math.floor((header.mtime?.getTime() ?? 0) / 1000),
    linkTarget: type === 'symlink' ? (header.linkname ?? '') : null,
    hardLinkTo: target === undefined ? null : (target.hardLinkTo ?? linkTo),
    offset: header.byteOffset,
  };
}
