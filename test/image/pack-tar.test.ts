import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { packItems } from '../../src/image/pack-tar.ts';
import { Rootfs } from '../../src/image/rootfs.ts';
import { spoolPath } from '../support/rootfs.ts';

const failing = () =>
  packItems([
    {
      name: 'page',
      size: 7,
      // biome-ignore lint/correctness/useYield: it fails before the first byte
      async *content() {
        throw new Error('the file vanished');
      },
    },
  ]);

test('a tar whose reader begins late fails the reader with the cause', async () => {
  const tar = failing();
  await setTimeout(20);
  const spool = spoolPath();
  await expect(Rootfs.fromTar(tar, spool)).rejects.toThrow('the file vanished');
  expect(existsSync(spool)).toBe(false);
});

test('a tar that fails while it is read gives its reader the cause', async () => {
  await expect(Rootfs.fromTar(failing(), spoolPath())).rejects.toThrow('the file vanished');
});

test('a reader that stops lets go of the file it was reading', async () => {
  let released = false;
  const tar = packItems([
    {
      name: 'page',
      size: 2 ** 30,
      async *content() {
        try {
          for (;;) yield Buffer.alloc(65536);
        } finally {
          released = true;
        }
      },
    },
  ]);
  for await (const _ of tar) break;
  await vi.waitFor(() => expect(released).toBe(true));
});
