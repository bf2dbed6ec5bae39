import { expect, test } from 'vitest';
import { namedData } from '../../../src/analysis/promise/named-data.ts';
import { dpkg, object, promisedBy } from './promised-by.ts';

const PACKAGES = {
  'hunspell-de': { files: ['/usr/share/hunspell/de.aff', '/usr/share/doc/hunspell-de/a'] },
  wamerican: { files: ['/usr/share/dict/words'] },
  git: { files: ['/usr/bin/git', '/usr/share/git/templates/a'] },
  liba: { files: ['/usr/lib/liba.so.1', '/usr/share/a/b'] },
  'a-dev': { files: ['/usr/share/a-dev/a.m4'] },
  'python3-six': { files: ['/usr/lib/python3/dist-packages/six.py'] },
};
const content = Object.fromEntries(
  Object.values(PACKAGES).flatMap(({ files }) =>
    files.map((path) => [path, /\.so|\/bin\//.test(path) ? object() : 'data'] as const),
  ),
);
const table = { ...dpkg(PACKAGES), ...content };

test('a package of data stays where the author installs it by name', async () => {
  const held = await promisedBy(namedData, table, { installed: ['hunspell-de'], kept: [] });
  expect(held).toEqual(['/usr/share/hunspell/de.aff']);
});

test.each([['git'], ['liba'], ['a-dev'], ['python3-six']])('%s is no data alone', async (name) => {
  expect(await promisedBy(namedData, table, { installed: [name], kept: [] })).toEqual([]);
});
