import { expect, test } from 'vitest';
import { gconv } from '../../../src/analysis/rules/gconv.ts';
import { buildElf } from '../../support/elf-builder.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

const USER = buildElf({ symbols: [{ name: 'iconv_open' }] });
const PLAIN = buildElf({ symbols: [{ name: 'printf' }] });
const MODULES = ['CP1252', 'EUC-KR', 'ISO8859-1', 'UTF-16', 'UTF-32', 'libKSC'];

const launch = (files: Record<string, Uint8Array>, extra: readonly string[] = ['gconv-modules.cache']) => ({
  tree: {
    '/usr/lib/x/libc.so.6': PLAIN,
    ...Object.fromEntries(MODULES.map((name) => [`/usr/lib/x/gconv/${name}.so`, 'a module'])),
    ...Object.fromEntries(extra.map((name) => [`/usr/lib/x/gconv/${name}`, 'a table'])),
    ...files,
  },
  objects: ['/usr/lib/x/libc.so.6', ...Object.keys(files)],
  imports: ['iconv_open'],
});

const COMMON = ['CP1252', 'ISO8859-1', 'UTF-16', 'UTF-32'].map((name) => `/usr/lib/x/gconv/${name}.so`);

test('the common modules are held beside the cache that names them', async () => {
  const extra = ['gconv-modules.cache', 'gconv-modules', 'gconv-modules.d/extra.conf'];
  expect(await heldBy(gconv, launch({ '/app': USER }, extra))).toEqual({
    paths: ['/usr/lib/x/gconv/gconv-modules.cache'],
    libraries: COMMON,
  });
});

test('without a cache the tables themselves are held', async () => {
  const { paths } = await heldBy(
    gconv,
    launch({ '/app': USER }, ['gconv-modules', 'gconv-modules.d/extra.conf']),
  );
  expect(paths).toEqual(['/usr/lib/x/gconv/gconv-modules', '/usr/lib/x/gconv/gconv-modules.d/extra.conf']);
});

test('GCONV_PATH turns the cache off', async () => {
  const tables = ['gconv-modules.cache', 'gconv-modules'];
  const named = { '/opt/gconv/gconv-modules': PLAIN };
  const table = launch({ '/app': USER }, tables);
  const { paths } = await heldBy(gconv, {
    ...table,
    tree: { ...table.tree, ...named },
    env: { GCONV_PATH: '/opt/gconv' },
  });
  expect(paths).toEqual(['/opt/gconv/gconv-modules', '/usr/lib/x/gconv/gconv-modules']);
});

test('a library that converts only from the character set of the locale needs none', async () => {
  const files = {
    '/app': PLAIN,
    '/usr/lib/x/libstdc++.so.6.0.30': USER,
    '/usr/lib/x/libunistring.so.2': USER,
  };
  expect(await heldBy(gconv, launch(files))).toEqual(NOTHING_HELD);
});

test('nothing is held where no file imports iconv_open', async () => {
  expect(await heldBy(gconv, { ...launch({ '/app': PLAIN }), imports: [] })).toEqual(NOTHING_HELD);
});
