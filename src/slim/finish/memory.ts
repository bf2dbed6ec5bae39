import type { Rootfs } from '../../image/rootfs.ts';

const MIB = 1024 ** 2;

/** A cpio newc header and its padding on average; the name comes on top, cpio(5). */
const HEADER = 110;

/** What a kernel, its stacks and the app's heap take beside the files. */
const BASE_MIB = 8;

/**
 * The initramfs of a root file system in bytes, and the memory to run it with, in MiB. Measured on Unikraft: 8 MiB
 * and 3.5 times the cpio for few large files, 16 KiB a file for many small ones; rounded up to a power of two,
 * at least 64. A delta's runtime takes its part of the memory, and none of the initramfs.
 */
export function memoryOf(rootfs: Rootfs, runtime?: Rootfs): { initramfsBytes: number; suggestedMiB: number } {
  const measured = cpioOf(rootfs);
  const below = runtime === undefined ? { bytes: 0, paths: 0 } : cpioOf(runtime);
  const bytes = measured.bytes + below.bytes;
  const paths = measured.paths + below.paths;
  const needed = BASE_MIB + Math.max((3.5 * bytes) / MIB, (paths * 16) / 1024);
  return { initramfsBytes: measured.bytes, suggestedMiB: Math.max(64, 2 ** Math.ceil(Math.log2(needed))) };
}

function cpioOf(rootfs: Rootfs): { bytes: number; paths: number } {
  let bytes = align(HEADER + 'TRAILER!!!'.length + 1);
  let paths = 0;
  for (const [path, entry] of rootfs.entries()) {
    paths += 1;
    const target = entry.linkTarget === null ? 0 : Buffer.byteLength(entry.linkTarget);
    bytes += align(HEADER + Buffer.byteLength(path)) + align(entry.size + target);
  }
  return { bytes, paths };
}

function align(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
