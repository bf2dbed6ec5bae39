import { describe, expect, test } from 'vitest';
import { libraryPackages } from '../../../src/analysis/promise/library-packages.ts';
import { dpkg, object, promisedBy } from './promised-by.ts';

const PYTHON = '/usr/bin/python3.11';
const DIRECTORY = '/usr/lib/x86_64-linux-gnu';
const FILES = {
  libmagic1: {
    fields: ['Source: file', 'Depends: libmagic-mgc, libother1'],
    files: [`${DIRECTORY}/libmagic.so.1`],
  },
  'libmagic-mgc': { fields: ['Source: file'], files: ['/usr/lib/file/magic.mgc', '/usr/bin/magic'] },
  libother1: { fields: ['Source: other'], files: [`${DIRECTORY}/libother.so.1`] },
  'libmagic-dev': { fields: ['Source: file'], files: [`${DIRECTORY}/libmagic.so`] },
  'librsvg2-common': { files: [`${DIRECTORY}/gdk-pixbuf-2.0/2.10.0/loaders/libpixbufloader-svg.so`] },
  'python3-yaml': { files: ['/usr/lib/python3/dist-packages/_yaml.cpython-311-x86_64-linux-gnu.so'] },
  apache2: { files: ['/usr/lib/apache2/modules/mod_x.so'] },
  libc6: { fields: ['Priority: required'], files: [`${DIRECTORY}/libc.so.6`] },
};
const TREE = {
  ...Object.fromEntries(Object.values(FILES).flatMap(({ files }) => files.map((path) => [path, 'x']))),
  ...dpkg(FILES),
  [PYTHON]: 'x',
};

const scripts = { kept: [PYTHON], programs: [PYTHON] };

describe('a library that the author installs by name', () => {
  test('stays with its data where scripts can load it', async () => {
    expect(await promisedBy(libraryPackages, TREE, { ...scripts, installed: ['libmagic1'] })).toEqual([
      '/usr/lib/file/magic.mgc',
      `${DIRECTORY}/libmagic.so.1`,
    ]);
  });

  test('stays where it is a module of another library', async () => {
    const found = await promisedBy(libraryPackages, TREE, { ...scripts, installed: ['librsvg2-common'] });
    expect(found).toEqual(FILES['librsvg2-common'].files);
  });

  test('stays where a program loads libraries', async () => {
    const tree = { ...TREE, '/app': object({ imports: ['dlopen'] }) };
    const found = await promisedBy(libraryPackages, tree, { kept: ['/app'], installed: ['libother1'] });
    expect(found).toEqual(FILES.libother1.files);
  });

  test('arrives once, by the name that the linker opens', async () => {
    const files = ['libcurl.so.4', 'libcurl.so.4.8.0'].map((name) => `${DIRECTORY}/${name}`);
    const tree = {
      [PYTHON]: 'x',
      [`${DIRECTORY}/libcurl.so.4`]: 'symlink libcurl.so.4.8.0',
      [`${DIRECTORY}/libcurl.so.4.8.0`]: 'x',
      ...dpkg({ libcurl4: { files } }),
    };
    expect(await promisedBy(libraryPackages, tree, { ...scripts, installed: ['libcurl4'] })).toEqual([
      `${DIRECTORY}/libcurl.so.4`,
    ]);
  });

  test('goes where nothing loads libraries', async () => {
    const tree = { ...TREE, '/app': object({ imports: ['open'] }) };
    expect(await promisedBy(libraryPackages, tree, { kept: ['/app'], installed: ['libother1'] })).toEqual([]);
  });

  test.each(['libmagic-dev', 'python3-yaml', 'apache2', 'libc6', 'no-such-package'])(
    '%s is not such a library',
    async (name) => {
      expect(await promisedBy(libraryPackages, TREE, { ...scripts, installed: [name] })).toEqual([]);
    },
  );

  test('is not what another package pulls in', async () => {
    expect(await promisedBy(libraryPackages, TREE, { ...scripts, installed: [] })).toEqual([]);
  });
});
