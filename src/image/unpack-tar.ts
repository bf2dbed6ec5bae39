import type { Readable } from 'node:stream';
import { extract as extractTar, type Header } from 'tar-stream';

/** The content of the regular files of a tar stream, one after the other: of `getArchive`, that of one file. */
export async function* contentOf(archive: Readable): AsyncGenerator<Uint8Array> {
  const extract = extractTar();
  // tar-stream's streams are streamx's: the same contract as Node's, under another type
  archive.pipe(extract as unknown as NodeJS.WritableStream);
  archive.once('error', (error) => extract.destroy(error));
  for await (const entry of extract) for await (const chunk of entry) yield chunk as Uint8Array;
}

/** Every entry of a tar stream in its order, each with its content, which has to be read before the next one comes. */
export async function* allEntries(
  archive: Readable,
): AsyncGenerator<{ readonly header: Header; readonly content: Readable }> {
  const extract = extractTar();
  archive.pipe(extract as unknown as NodeJS.WritableStream);
  archive.once('error', (error) => extract.destroy(error));
  for await (const entry of extract) {
    yield { header: entry.header, content: entry as unknown as Readable };
    entry.resume();
  }
}

/** What a tar stream begins with, as far as a reader of one path cares. */
export type FirstEntry =
  | { readonly type: 'file'; readonly content: Uint8Array }
  | { readonly type: 'symlink'; readonly linkTarget: string }
  | { readonly type: 'other' };

/** The first entry of a tar stream, its content cut at `maxBytes`; undefined where the tar is empty. */
export async function firstOf(archive: Readable, maxBytes: number): Promise<FirstEntry | undefined> {
  const extract = extractTar();
  archive.pipe(extract as unknown as NodeJS.WritableStream);
  archive.once('error', (error) => extract.destroy(error));
  try {
    for await (const entry of extract) {
      const { type, linkname } = entry.header;
      if (type === 'symlink') return { type, linkTarget: linkname ?? '' };
      if (type !== 'file') return { type: 'other' };
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of entry) {
        chunks.push(chunk as Uint8Array);
        bytes += (chunk as Uint8Array).length;
        if (bytes >= maxBytes) break;
      }
      return { type, content: Buffer.concat(chunks).subarray(0, maxBytes) };
    }
    return undefined;
  } finally {
    archive.destroy();
  }
}
