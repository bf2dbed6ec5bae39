import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract as extractTar } from 'tar-stream';

/**
 * The names in a tar archive of the host, as they are written in it, whether gzip has packed it or nothing. null
 * where it cannot be read: another compression (Node reads none of bzip2, xz and zstd), or no whole tar.
 */
export async function archiveMembers(hostPath: string): Promise<readonly string[] | null> {
  const names: string[] = [];
  const extract = extractTar();
  extract.on('entry', ({ name }, content, next) => {
    names.push(name);
    content.on('end', () => next());
    // where the archive ends too early, the pipeline reports it; without a listener this event would end the process
    content.on('error', () => undefined);
    content.resume();
  });
  // tar-stream's streams are streamx's: the same contract as Node's, under another type
  const sink = extract as unknown as NodeJS.WritableStream;
  const source: Readable = createReadStream(hostPath);
  try {
    if (await isGzip(hostPath)) await pipeline(source, createGunzip(), sink);
    else await pipeline(source, sink);
  } catch {
    return null;
  }
  return names;
}

async function isGzip(hostPath: string): Promise<boolean> {
  await using file = await open(hostPath);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer.readUInt16BE(0) === 0x1f8b;
}
