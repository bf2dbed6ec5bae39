import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';

const READ_CHUNK = 1 << 20;

/**
 * A file of the host with the contents of files of images, read in ranges. It may serve many root file systems: each
 * that holds it disposes of it once, and the last one removes it.
 */
export class Spool implements AsyncDisposable {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #hashes = new Map<number, string>();
  #holders = 1;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = openSync(path, 'r');
  }

  /** For one holder more. */
  hold(): this {
    this.#holders += 1;
    return this;
  }

  /** Shorter where the file ends before. */
  read(position: number, length: number): Uint8Array {
    const bytes = Buffer.alloc(length);
    const got = length === 0 ? 0 : readSync(this.#descriptor, bytes, 0, length, position);
    return bytes.subarray(0, got);
  }

  /** The SHA-256 of a range, hexadecimal; read once. */
  hash(position: number, length: number): string {
    const known = this.#hashes.get(position);
    if (known !== undefined) return known;
    const hash = createHash('sha256');
    for (let offset = 0; offset < length; offset += READ_CHUNK)
      hash.update(this.read(position + offset, Math.min(READ_CHUNK, length - offset)));
    const digest = hash.digest('hex');
    this.#hashes.set(position, digest);
    return digest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    closeSync(this.#descriptor);
    await rm(this.#path, { force: true });
  }
}
