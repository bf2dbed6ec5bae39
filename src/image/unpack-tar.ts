import type { Readable } from 'node:stream';
import { extract as extractTar } from 'tar-stream';

/** The content of the regular files of a tar stream, one after the other: of `getArchive`, that of one file. */
export async function* contentOf(archive: Readable): AsyncGenerator<Uint8Array> {
  const extract = extractTar();
  // tar-stream's streams are streamx's: the same contract as Node's, under another type
  archive.pipe(extract as unknown as NodeJS.WritableStream);
  archive.once('error', (error) => extract.destroy(error));
  for await (const entry of extract) for await (const chunk of entry) yield chunk as Uint8Array;
}
