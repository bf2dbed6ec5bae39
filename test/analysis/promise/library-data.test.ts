import { expect, test } from 'vitest';
import { libraryData } from '../../../src/analysis/promise/library-data.ts';
import { dpkg, object, promisedBy } from './promised-by.ts';

const LIB = '/usr/lib/x86_64-linux-gnu';
const PACKAGES = {
  libmagic1: {
    fields: ['Source: file', 'Depends: libmagic-mgc, libc6'],
    files: [`${LIB}/libmagic.so.1`, `${LIB}/libmagic.so.1.0.0`, '/etc/magic', '/usr/share/doc/libmagic1/a'],
  },
  'libmagic-mgc': {
    fields: ['Source: file'],
    files: ['/usr/lib/file/magic.mgc', '/usr/share/misc/magic.mgc'],
  },
  file: { fields: ['Depends: libmagic1'], files: ['/usr/bin/file', '/usr/share/file/a'] },
  libc6: {
    fields: ['Source: glibc'],
    files: [`${LIB}/libc.so.6`, `${LIB}/gconv/IBM037.so`],
  },
  'libpython3.11-stdlib': {
    fields: ['Source: python3.11'],
    files: ['/usr/lib/python3.11/os.py', '/usr/lib/python3.11/lib-dynload/_ssl.so'],
  },
  libnss3: {
    files: [
      `${LIB}/libnss3.so`,
      `${LIB}/libsmime3.so`,
      `${LIB}/nss/libsoftokn3.so`,
      `${LIB}/blas/libblas.so.3`,
    ],
  },
};

const content = Object.fromEntries(
  Object.values(PACKAGES).flatMap(({ files }) =>
    files.map((path) => [path, /\.so/.test(path) ? object() : 'data'] as const),
  ),
);
const table = { ...dpkg(PACKAGES), ...content };

test.each([
  [
    'tables',
    `${LIB}/libmagic.so.1.0.0`,
    ['/etc/magic', '/usr/lib/file/magic.mgc', '/usr/share/misc/magic.mgc'],
  ],
  ['modules, but not what programs link', `${LIB}/libnss3.so`, [`${LIB}/nss/libsoftokn3.so`]],
])('a library keeps its %s', async (_, library, held) => {
  expect(await promisedBy(libraryData, table, { kept: [library] })).toEqual(held);
});

test.each([
  ['the C library', `${LIB}/libc.so.6`],
  ['a module of an interpreter', '/usr/lib/python3.11/lib-dynload/_ssl.so'],
  ['a program', '/usr/bin/file'],
])('%s keeps nothing, as other rules know it', async (_, kept) => {
  expect(await promisedBy(libraryData, table, { kept: [kept] })).toEqual([]);
});
