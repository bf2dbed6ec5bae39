import { expect, test } from 'vitest';
import { libraryData } from '../../../src/analysis/promise/library-data.ts';
import { serverPackage } from '../../../src/analysis/promise/server-package.ts';
import { dpkg, object, promisedBy } from './promised-by.ts';

const PROLOG = '/usr/lib/swi-prolog';
const PACKAGES = {
  'swi-prolog-core': {
    fields: ['Source: swi-prolog'],
    files: [`${PROLOG}/bin/swipl`, `${PROLOG}/library/lists.pl`],
  },
  'swi-prolog-other': {
    fields: ['Source: swi-prolog'],
    files: [`${PROLOG}/library/dialect/yap.pl`, '/usr/share/mixed/a'],
  },
  stranger: { fields: [], files: ['/usr/share/mixed/b', '/usr/lib/stranger/a'] },
};

const table = {
  ...dpkg(PACKAGES),
  ...Object.fromEntries(
    Object.values(PACKAGES).flatMap(({ files }) => files.map((path) => [path, 'x'] as const)),
  ),
  [`${PROLOG}/bin/swipl`]: object(),
};

const heldBy = (more: Readonly<Record<string, string>>) =>
  promisedBy(serverPackage, { ...table, ...more }, { programs: [`${PROLOG}/bin/swipl`], promise: 'runtime' });

test('a file that a script of the package made among its files stays', async () => {
  const index = `${PROLOG}/library/INDEX.pl`;
  expect(await heldBy({})).not.toContain(index);
  expect(await heldBy({ [index]: 'index((member), 2, lists, lists).' })).toContain(index);
});

test.each([
  ['where packages of other sources lie too', '/usr/share/mixed/made'],
  ['in a directory in which no package has a file', `${PROLOG}/library/__pycache__/a.pyc`],
  ['beside the directories of the package', '/usr/lib/made'],
])('a file that no package has goes %s', async (_, path) => {
  expect(await heldBy({ [path]: 'x' })).not.toContain(path);
});

test.each(['/var/cache/tables', '/var/log/tables', '/run/tables'])('a file below %s goes', async (place) => {
  const packages = { tables: { fields: [], files: ['/usr/lib/libtables.so.1', `${place}/README`] } };
  const files = { '/usr/lib/libtables.so.1': object(), [`${place}/README`]: 'x', [`${place}/made`]: 'x' };
  const kept = ['/usr/lib/libtables.so.1'];
  expect(await promisedBy(libraryData, { ...dpkg(packages), ...files }, { kept })).not.toContain(
    `${place}/made`,
  );
});

test('a library keeps the cache of its modules', async () => {
  const packages = { tables: { fields: [], files: ['/usr/lib/libtables.so.1', '/usr/lib/tables/a.so'] } };
  const files = { '/usr/lib/libtables.so.1': object(), '/usr/lib/tables/a.so': object() };
  const made = { '/usr/lib/tables/modules.cache': 'x' };
  const kept = ['/usr/lib/libtables.so.1'];
  const held = await promisedBy(libraryData, { ...dpkg(packages), ...files, ...made }, { kept });
  expect(held).toContain('/usr/lib/tables/modules.cache');
});
