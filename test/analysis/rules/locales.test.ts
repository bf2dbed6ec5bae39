import { describe, expect, test } from 'vitest';
import { localeNames, normalisedCodeset } from '../../../src/analysis/rules/locale-name.ts';
import { locales } from '../../../src/analysis/rules/locales.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

const TREE = {
  '/usr/lib/locale/C.utf8/LC_CTYPE': 'a table',
  '/usr/lib/locale/de_DE.utf8/LC_CTYPE': 'a table',
  '/usr/lib/locale/de_DE.utf8/LC_MESSAGES/SYS_LC_MESSAGES': 'a table',
  '/usr/lib/locale/fr/LC_CTYPE': 'a table',
};
const imports = ['setlocale'];

/** `struct locarhead` with its strings behind it. */
function archive(...names: string[]): Uint8Array {
  const strings = Buffer.from(`${names.join('\0')}\0`);
  const header = Buffer.alloc(56);
  header.writeUInt32LE(0xde020109, 0);
  header.writeUInt32LE(56, 20);
  header.writeUInt32LE(strings.length, 24);
  return Buffer.concat([header, strings]);
}

describe('glibc', () => {
  test.each([
    [{ LANG: 'C.UTF-8' }, ['/usr/lib/locale/C.utf8/LC_CTYPE']],
    [
      { LANG: 'C', LC_CTYPE: 'de_DE.UTF-8' },
      ['/usr/lib/locale/de_DE.utf8/LC_CTYPE', '/usr/lib/locale/de_DE.utf8/LC_MESSAGES/SYS_LC_MESSAGES'],
    ],
    [{ LANG: 'fr_FR' }, ['/usr/lib/locale/fr/LC_CTYPE']],
    [{ LC_ALL: 'C', LANG: 'de_DE.UTF-8' }, []],
    [{ LC_ALL: '', LANG: 'POSIX' }, []],
    [{ LANG: 'ja_JP.UTF-8' }, []],
    [{}, []],
  ])('%j holds %j', async (env, paths) => {
    expect((await heldBy(locales, { tree: TREE, imports, env })).paths).toEqual(paths);
  });

  test('the archive is held where it has the locale, and is looked at first', async () => {
    const tree = { ...TREE, '/usr/lib/locale/locale-archive': archive('en_US.utf8', 'de_DE.utf8') };
    const held = async (LANG: string) => (await heldBy(locales, { tree, imports, env: { LANG } })).paths;
    expect(await held('de_DE.UTF-8')).toEqual(['/usr/lib/locale/locale-archive']);
    expect(await held('C.UTF-8')).toEqual(['/usr/lib/locale/C.utf8/LC_CTYPE']);
  });

  test('LOCPATH comes first, and without the archive', async () => {
    const tree = {
      ...TREE,
      '/usr/lib/locale/locale-archive': archive('de_DE.utf8'),
      '/opt/de_DE.utf8/LC_TIME': 'a table',
    };
    const env = { LANG: 'de_DE.UTF-8', LOCPATH: '/opt' };
    expect((await heldBy(locales, { tree, imports, env })).paths).toEqual(['/opt/de_DE.utf8/LC_TIME']);
  });

  test('a program that sets no locale holds nothing', async () => {
    expect(await heldBy(locales, { tree: TREE, env: { LANG: 'C.UTF-8' } })).toEqual(NOTHING_HELD);
  });

  test('all are held where they are asked for', async () => {
    const { paths } = await heldBy(locales, { tree: TREE, assume: ['locales'] });
    expect(paths).toEqual(Object.keys(TREE).sort());
  });
});

test('musl looks in MUSL_LOCPATH only', async () => {
  const tree = { ...TREE, '/usr/share/i18n/locales/musl/de_DE.UTF-8': 'a catalogue' };
  const env = { LANG: 'de_DE.UTF-8', MUSL_LOCPATH: '/usr/share/i18n/locales/musl' };
  const { paths } = await heldBy(locales, { tree, imports, libc: 'musl', env });
  expect(paths).toEqual(['/usr/share/i18n/locales/musl/de_DE.UTF-8']);
  const plain = await heldBy(locales, { tree, imports, libc: 'musl', env: { LANG: 'de_DE.UTF-8' } });
  expect(plain).toEqual(NOTHING_HELD);
});

test('a codeset is normalised as glibc does it', () => {
  expect(['UTF-8', 'ISO-8859-15', '8859-1'].map(normalisedCodeset)).toEqual([
    'utf8',
    'iso885915',
    'iso88591',
  ]);
  expect(localeNames('de_DE.UTF-8@euro')).toEqual([
    'de_DE.UTF-8@euro',
    'de_DE.utf8@euro',
    'de_DE@euro',
    'de.UTF-8@euro',
    'de.utf8@euro',
    'de@euro',
  ]);
});
