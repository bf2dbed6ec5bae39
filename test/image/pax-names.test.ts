import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemsOf, packItems } from '../../src/image/pack-tar.ts';
import { Rootfs } from '../../src/image/rootfs.ts';
import { assembleLayout } from '../../src/plan/layout.ts';
import { decodeName, encodeName } from '../../src/shared/file-name.ts';
import { type ImagePath, imagePath } from '../../src/shared/image-path.ts';
import { type RawItem, rawTar } from '../support/raw-tar.ts';
import { spoolPath } from '../support/rootfs.ts';

const read = (items: readonly RawItem[], chunkBytes = 700) => {
  const tar = rawTar(items);
  const chunks = Array.from({ length: Math.ceil(tar.length / chunkBytes) }, (_, at) =>
    tar.subarray(at * chunkBytes, (at + 1) * chunkBytes),
  );
  return Rootfs.fromTar(Readable.from(chunks), spoolPath());
};

/** `café` in Latin-1. */
const LATIN = Buffer.from('caf\xe9', 'latin1');
const PATH = imagePath(`/${decodeName(LATIN)}`);

describe.each([true, false])('a name that is not UTF-8, in a pax header: %s,', (isPax) => {
  test('keeps its bytes, beside the same name in UTF-8', async () => {
    await using rootfs = await read([
      { name: LATIN, content: 'latin', isPax },
      { name: Buffer.from('café'), content: 'utf8', isPax },
      { name: Buffer.from('link'), target: LATIN, isPax },
    ]);
    expect([...rootfs.entries()].map(([path]) => path)).toEqual([PATH, '/café', '/link']);
    expect(Buffer.from(rootfs.read(PATH)).toString()).toBe('latin');
    expect(encodeName(rootfs.lookup(imagePath('/link'))?.linkTarget ?? '')).toEqual(LATIN);
  });

  test('whatever it is, and however the tar comes in pieces', async () => {
    const anyName = fc
      .uint8Array({ minLength: 1, maxLength: 90 })
      .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0 && byte !== 0x2f)))
      .filter((bytes) => !['', '.', '..'].includes(bytes.toString('latin1')));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyName, { maxLength: 5, selector: (name) => name.toString('latin1') }),
        fc.integer({ min: 1, max: 2000 }),
        async (names, chunkBytes) => {
          const items = names.map((name, at) => ({ name, content: 'x'.repeat(at * 300), isPax }));
          await using rootfs = await read(items, chunkBytes);
          const found = [...rootfs.entries()].map(([path, { size }]) => ({ path, size }));
          expect(found).toEqual(names.map((name, at) => ({ path: `/${decodeName(name)}`, size: at * 300 })));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a path that is not UTF-8', () => {
  const REFUSED = { code: 'refused', message: expect.stringContaining('/caf\\xe9') };
  const arrivalOf = (path: ImagePath) => ({ path, source: path, reasons: [] });

  test('is refused where it is needed, and goes where it is not', async () => {
    await using rootfs = await read([
      { name: LATIN, content: 'x', isPax: true },
      { name: Buffer.from('a'), content: 'y', isPax: true },
    ]);
    expect(() => assembleLayout(rootfs, [arrivalOf(PATH)])).toThrowError(expect.objectContaining(REFUSED));
    expect(assembleLayout(rootfs, [arrivalOf(imagePath('/a'))]).entries.map(({ path }) => path)).toEqual([
      '/a',
    ]);
  });

  test('is packed into no tar', async () => {
    await using rootfs = await read([{ name: LATIN, content: 'x', isPax: true }]);
    const pack = async () => {
      for await (const _ of packItems(itemsOf(rootfs, [PATH]))) expect(_).toBeDefined();
    };
    await expect(pack()).rejects.toMatchObject({ code: 'refused' });
  });
});
