import type { Readable } from 'node:stream';
import { packItems, type TarItem } from '../src/image/pack-tar.ts';

/** Of every hundred files of an image: documents and scripts, small and large libraries; bytes each, drawn once. */
const SIZES = [
  ...Array<number>(60).fill(1_500),
  ...Array<number>(25).fill(9_000),
  ...Array<number>(11).fill(60_000),
  ...Array<number>(3).fill(200_000),
  1_500_000,
];
const FILES_IN_DIRECTORY = 25;

/** A tar stream of an image that is about so large: files of many sizes, five directories deep, a link for every tenth. */
export function imageOfSize(bytes: number): Readable {
  return packItems(items(bytes));
}

function* items(bytes: number): Generator<TarItem> {
  const content = Buffer.alloc(Math.max(...SIZES), 'kraft-slim ');
  let directory = '';
  for (let [index, written] = [0, 0]; written < bytes; index += 1) {
    if (index % FILES_IN_DIRECTORY === 0) {
      directory = `usr/share/package-${Math.floor(index / 500)}/part-${index}/data`;
      yield { name: directory, type: 'directory', mode: 0o755 };
    }
    const name = `${directory}/file-with-a-name-of-usual-length-${index}`;
    const size = SIZES[index % SIZES.length] ?? 0;
    yield { name, mode: 0o644, size, content: content.subarray(0, size) };
    if (index % 10 === 0) yield { name: `${name}.link`, type: 'symlink', linkname: `file-${index}` };
    written += size;
  }
}
