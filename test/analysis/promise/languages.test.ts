import { describe, expect, test } from 'vitest';
import { characterSets, localeFiles } from '../../../src/analysis/promise/languages.ts';
import { object, promisedBy } from './promised-by.ts';

const LOCALES = { '/usr/lib/locale/C.utf8/LC_CTYPE': 'ctype', '/usr/lib/locale/locale-archive': 'archive' };
const GCONV = {
  '/usr/lib/x86_64-linux-gnu/libc.so.6': object(),
  '/usr/lib/x86_64-linux-gnu/gconv/gconv-modules': 'table',
  '/usr/lib/x86_64-linux-gnu/gconv/EUC-KR.so': 'module',
};
const SETS = ['EUC-KR.so', 'gconv-modules'].map((name) => `/usr/lib/x86_64-linux-gnu/gconv/${name}`);

describe('locales stay', () => {
  const table = { ...LOCALES, '/usr/bin/ruby': object() };
  test('where scripts run, less the archive of a distribution', async () => {
    expect(await promisedBy(localeFiles, table, { programs: ['/usr/bin/ruby'] })).toEqual([
      '/usr/lib/locale/C.utf8/LC_CTYPE',
    ]);
  });

  test('where a server chooses them at run time', async () => {
    const server = { ...LOCALES, '/usr/bin/postgres': object({ imports: ['newlocale'] }) };
    expect(await promisedBy(localeFiles, server)).toEqual(['/usr/lib/locale/C.utf8/LC_CTYPE']);
  });

  test.each([['locales'], ['locales-all'], ['glibc-langpack-de']])('with %s by name, all', async (name) => {
    expect(await promisedBy(localeFiles, table, { installed: [name] })).toEqual(Object.keys(LOCALES));
  });

  test.each([
    ['C.UTF-8', 'setlocale', ['/usr/lib/locale/C.utf8/LC_CTYPE']],
    ['C.utf8', 'setlocale', ['/usr/lib/locale/C.utf8/LC_CTYPE']],
    ['de_DE.UTF-8', 'setlocale', []],
    ['C.UTF-8', 'open', []],
  ])('where a program has the name %s and calls %s', async (name, call, kept) => {
    const program = '/usr/bin/tool';
    const tool = { ...LOCALES, [program]: object({ imports: [call], data: `\0${name}\0` }) };
    expect(await promisedBy(localeFiles, tool, { programs: [program] })).toEqual(kept);
  });

  test('but not for a program that takes the locale of its environment', async () => {
    const tool = { ...LOCALES, '/usr/bin/sort': object({ imports: ['setlocale'] }) };
    expect(await promisedBy(localeFiles, tool)).toEqual([]);
  });
});

describe('character sets stay', () => {
  test('where the program itself converts by name', async () => {
    const table = { ...GCONV, '/usr/bin/tool': object({ imports: ['iconv_open'] }) };
    expect(await promisedBy(characterSets, table, { programs: ['/usr/bin/tool'] })).toEqual(SETS);
  });

  test('where an extension of an interpreter does', async () => {
    const table = {
      ...GCONV,
      '/usr/bin/lua5.4': object({ data: '\0/usr/local/lib/lua/5.4/?.so;/usr/lib/lua/5.4/?.so\0' }),
      '/usr/lib/lua/5.4/iconv.so': object({ imports: ['iconv_open'] }),
    };
    expect(await promisedBy(characterSets, table, { programs: ['/usr/bin/lua5.4'] })).toEqual(SETS);
  });

  test('but not for a library that a program links', async () => {
    const table = {
      ...GCONV,
      '/usr/bin/tool': object(),
      '/usr/lib/libxml2.so.2': object({ imports: ['iconv_open'] }),
    };
    expect(await promisedBy(characterSets, table, { programs: ['/usr/bin/tool'] })).toEqual([]);
  });

  test.each([
    ['ja_JP.eucjp', SETS],
    ['de_DE', SETS],
    ['de_DE.utf8', []],
    ['C.utf8', []],
    ['de_DE.utf8@euro', []],
  ])('with the locale %s as its character set asks for', async (locale, kept) => {
    const ctype = `/usr/lib/locale/${locale}/LC_CTYPE`;
    const table = { ...GCONV, [ctype]: 'ctype' };
    const all = [ctype, '/usr/lib/x86_64-linux-gnu/libc.so.6'];
    expect(await promisedBy(characterSets, table, { kept: all })).toEqual(kept);
  });
});
