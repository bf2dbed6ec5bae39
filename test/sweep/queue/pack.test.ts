import { mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readUnit } from '../../../src/entry/read-unit.ts';
import { dependentsOf } from '../../../src/entry/runtime.ts';
import type { RootfsUnit } from '../../../src/entry/unit.ts';
import { packItems, type TarItem } from '../../../src/image/pack-tar.ts';
import { digestOf, inputsOf } from '../../../src/slim/state/inputs.ts';
import { hashOf } from '../../../src/slim/state/state.ts';
import { entryFiles } from '../../../src/sweep/queue/entry-files.ts';
import { packFiles, unpackFiles } from '../../../src/sweep/queue/pack.ts';
import { type Catalog, catalogOf, type Files } from '../../support/catalog.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const KRAFTFILE = 'spec: v0.6\n\nrootfs: ./Dockerfile\n\ncmd: ["/a"]\n';
const FILES: Files = {
  'README.md': '# Catalog\n',
  'kraft-slim.yaml': 'assume: [locales]\n',
  'examples/kraft-slim.yaml': 'drop: [/x]\n',
  'examples/app/Kraftfile': `${KRAFTFILE}\nruntime: node:18\n`,
  'examples/app/Dockerfile': 'FROM debian:bookworm\nCOPY . /app\n',
  'examples/app/README.md': '```\nkraft run -v ./data:/data .\n```\n',
  'examples/app/.dockerignore': 'data\nnode_modules\nKraftfile\n',
  'examples/app/data/deep/file': '1',
  'examples/app/src/main.js': '1',
  'examples/app/token': 'secret',
  'examples/app/node_modules/huge': '1',
  'examples/other/Kraftfile': KRAFTFILE,
  'examples/other/Dockerfile': 'FROM a\n',
  'library/node/18/Kraftfile': `${KRAFTFILE}\ntemplate: {source: x, version: y}\n`,
  'library/node/18/Dockerfile': 'FROM debian:bookworm\n',
};
const APP = [
  'examples/app/.dockerignore',
  'examples/app/Dockerfile',
  'examples/app/Kraftfile',
  'examples/app/README.md',
  'examples/app/data',
  'examples/app/data/deep',
  'examples/app/data/deep/file',
  'examples/app/src',
  'examples/app/src/main.js',
  'examples/app/token',
  'examples/kraft-slim.yaml',
  'kraft-slim.yaml',
  'library/node/18/Dockerfile',
  'library/node/18/Kraftfile',
];

const unitAt = async (root: string, name: string) => (await readUnit(join(root, name))) as RootfsUnit;
const filesOf = async (catalog: Catalog, name: string) =>
  entryFiles(await unitAt(catalog.path, name), dependentsOf);

describe('the files of an entry', () => {
  test('are what its build sees, its Kraftfile and README, what it mounts, its settings, and its runtime', async () => {
    await using catalog = await catalogOf(FILES);
    expect(await filesOf(catalog, 'examples/app')).toEqual(APP);
  });

  test('of a library entry are those of the deltas over it too', async () => {
    await using catalog = await catalogOf(FILES);
    expect(await filesOf(catalog, 'library/node/18')).toEqual(APP);
  });

  test('are not those of secrets', async () => {
    const secret = 'build: {secrets: [{id: token, file: token}]}\n';
    await using catalog = await catalogOf({ ...FILES, 'examples/app/kraft-slim.yaml': secret });
    expect(await filesOf(catalog, 'examples/app')).not.toContain('examples/app/token');
  });

  test('outside of the catalog are refused', async () => {
    // the context is the directory that the catalog lies in, and only one file is beside the catalog
    await using around = await temporaryDirectory();
    await writeFile(join(around.path, 'beside'), '');
    vi.stubEnv('TMPDIR', around.path);
    onTestFinished(() => void vi.unstubAllEnvs());
    const kraftfile =
      'spec: v0.7\nruntime: base:latest\nrootfs: {source: {path: ../../.., dockerfile: Dockerfile}}\ncmd: [/a]\n';
    await using catalog = await catalogOf({
      'examples/app/Kraftfile': kraftfile,
      'examples/app/Dockerfile': 'FROM a\n',
    });
    await expect(filesOf(catalog, 'examples/app')).rejects.toMatchObject({
      code: 'refused',
    });
  });
});

describe('packed files', () => {
  test('arrive as they were, so that the entry has the same inputs', async () => {
    await using catalog = await catalogOf(FILES);
    await symlink('main.js', join(catalog.path, 'examples/app/src/link.js'));
    const paths = await filesOf(catalog, 'examples/app');
    const { bytes, hash } = await packFiles(catalog.path, paths);
    expect((await packFiles(catalog.path, paths)).hash).toBe(hash);
    await using top = await temporaryDirectory();
    await unpackFiles(bytes, hash, top.path);
    await mkdir(join(top.path, 'native'));
    const inputs = async (root: string) =>
      digestOf(await inputsOf(await unitAt(root, 'examples/app'), dependentsOf));
    expect(await inputs(top.path)).toBe(await inputs(catalog.path));
    expect(await readlink(join(top.path, 'examples/app/src/link.js'))).toBe('main.js');
    const times = [catalog.path, top.path].map(
      async (root) => (await stat(join(root, 'examples/app/src/main.js'))).mtimeMs,
    );
    const [before = 0, after] = await Promise.all(times);
    expect(after).toBe(Math.floor(before / 1000) * 1000);
  });

  test('that are damaged are refused', async () => {
    await using top = await temporaryDirectory();
    const { bytes } = await packFiles(import.meta.dirname, ['pack.test.ts']);
    await expect(unpackFiles(bytes, hashOf('other'), top.path)).rejects.toThrow('damaged');
  });

  test.each(['../evil', '/etc/evil', 'a/../../evil', 'a/./b'])(
    'with the name %s are refused',
    async (name) => {
      await using top = await temporaryDirectory();
      const { bytes, hash } = await packed([{ name, content: Buffer.from('x') }]);
      await expect(unpackFiles(bytes, hash, join(top.path, 'in'))).rejects.toThrow('leads out');
    },
  );

  test('are never written through a link', async () => {
    await using top = await temporaryDirectory();
    await writeFile(join(top.path, 'victim'), 'as it was');
    await mkdir(join(top.path, 'in'));
    const { bytes, hash } = await packed([
      { name: 'link', type: 'symlink', linkname: '..' },
      { name: 'link/victim', content: Buffer.from('overwritten') },
    ]);
    await unpackFiles(bytes, hash, join(top.path, 'in')).catch(() => undefined);
    expect(await readFile(join(top.path, 'victim'), 'utf8')).toBe('as it was');
  });
});

async function packed(items: TarItem[]) {
  const bytes = gzipSync(await buffer(packItems(items)));
  return { bytes, hash: hashOf(bytes) };
}
