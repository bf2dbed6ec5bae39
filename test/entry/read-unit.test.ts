import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readUnit } from '../../src/entry/read-unit.ts';
import { catalogOf, type Files } from '../support/catalog.ts';

const kraftfile = (...lines: string[]) => `${['spec: v0.6', ...lines].join('\n')}\n`;
const COMPLETE = kraftfile('runtime: base:latest', 'rootfs: ./Dockerfile', 'cmd: ["/app"]');

/** Reads the unit at a path of a catalog; directories of the answer are relative to the catalog. */
async function unitAt(path: string, files: Files) {
  await using catalog = await catalogOf(files);
  const { kraftfiles, ...unit } = await readUnit(join(catalog.path, path));
  return {
    ...unit,
    ...('context' in unit ? { context: unit.context.slice(catalog.path.length + 1) } : {}),
    isRoot: unit.catalogRoot === catalog.path,
    directory: unit.directory.slice(catalog.path.length + 1),
    kraftfiles: kraftfiles.map(({ name, path }) => `${name} at ${path.slice(catalog.path.length + 1)}`),
  };
}

describe('a unit', () => {
  test('is one Dockerfile and its Kraftfile, named from the catalog root', async () => {
    const files = { 'library/a/1/Kraftfile': COMPLETE, 'library/a/1/Dockerfile': 'FROM debian\n' };
    expect(await unitAt('library/a/1', files)).toMatchObject({
      name: 'library/a/1',
      directory: 'library/a/1',
      dockerfile: 'Dockerfile',
      class: 'complete',
      isRoot: true,
      kraftfiles: ['Kraftfile at library/a/1/Kraftfile'],
    });
  });

  const coreutils = {
    'examples/c/Kraftfile.ls': COMPLETE,
    'examples/c/Kraftfile.cat': COMPLETE,
    'examples/c/Kraftfile.other': kraftfile('rootfs: ./other.Dockerfile', 'cmd: ["/x"]'),
    'examples/c/Kraftfile.none': kraftfile('cmd: ["/x"]'),
    'examples/c/Dockerfile': 'FROM debian\n',
    'examples/c/other.Dockerfile': 'FROM debian\n',
  };

  test('has every Kraftfile.NAME beside it that names the same Dockerfile, the named one first', async () => {
    const { kraftfiles } = await unitAt('examples/c/Kraftfile.ls', coreutils);
    expect(kraftfiles).toEqual([
      'Kraftfile.ls at examples/c/Kraftfile.ls',
      'Kraftfile.cat at examples/c/Kraftfile.cat',
    ]);
  });

  test('is the same for any of its Kraftfiles that is named', async () => {
    const units = await Promise.all(
      ['Kraftfile.ls', 'Kraftfile.cat'].map((name) => unitAt(`examples/c/${name}`, coreutils)),
    );
    const [ls, cat] = units.map((unit) => ({
      ...unit,
      catalogRoot: '',
      kraftfiles: [...unit.kraftfiles].sort(),
    }));
    expect(ls).toEqual(cat);
  });

  test('is where its Kraftfiles lie, wherever its Dockerfile is', async () => {
    const files = {
      'tests/Dockerfile': 'FROM debian\n',
      'tests/curl/Kraftfile': kraftfile('rootfs: ../Dockerfile', 'cmd: ["/curl"]'),
      'tests/curl/Kraftfile.two': kraftfile('rootfs: ../Dockerfile', 'cmd: ["/curl", "-V"]'),
    };
    expect(await unitAt('tests/curl', files)).toMatchObject({
      name: 'tests/curl',
      directory: 'tests/curl',
      dockerfile: '../Dockerfile',
      kraftfiles: ['Kraftfile at tests/curl/Kraftfile', 'Kraftfile.two at tests/curl/Kraftfile.two'],
    });
  });
});

describe('a directory without a Kraftfile of a standard name', () => {
  const of = (...kraftfiles: [name: string, rootfs: string][]): Files => ({
    ...Object.fromEntries(
      kraftfiles.map(([name, rootfs]) => [`group/c/${name}`, COMPLETE.replace('./Dockerfile', rootfs)]),
    ),
    'group/c/Dockerfile': 'FROM debian\n',
    'group/c/two.Dockerfile': 'FROM debian\n',
  });

  test('stands for the unit that all its Kraftfiles are of', async () => {
    const files = of(['Kraftfile.ls', './Dockerfile'], ['Kraftfile.cat', 'Dockerfile']);
    expect(await unitAt('group/c', files)).toMatchObject({
      name: 'group/c',
      kraftfiles: ['Kraftfile.cat at group/c/Kraftfile.cat', 'Kraftfile.ls at group/c/Kraftfile.ls'],
    });
  });

  test('is refused where they are of two, with the files to choose from', async () => {
    const files = of(['Kraftfile.ls', './Dockerfile'], ['Kraftfile.cat', './two.Dockerfile']);
    await expect(unitAt('group/c', files)).rejects.toMatchObject({
      code: 'kraftfile-missing',
      hint: expect.stringContaining('name one of Kraftfile.cat, Kraftfile.ls'),
    });
  });

  test('is refused with the mistake of a Kraftfile that cannot be read', async () => {
    const files = { ...of(['Kraftfile.ls', './Dockerfile']), 'group/c/Kraftfile.a': 'spec: [\n' };
    await expect(unitAt('group/c', files)).rejects.toMatchObject({ code: 'kraftfile-invalid' });
  });

  test('stands for the unit that is named for it, whose Kraftfiles all lie below', async () => {
    const files = of(['a/Kraftfile', '../Dockerfile'], ['b/Kraftfile', '../Dockerfile']);
    expect(await unitAt('group/c', { ...files, 'group/c/Kraftfile': '' })).toMatchObject({ name: 'group/c' });
    const kraftfiles = ['a/Kraftfile at group/c/a/Kraftfile', 'b/Kraftfile at group/c/b/Kraftfile'];
    expect(await unitAt('group/c', files)).toMatchObject({ name: 'group/c', kraftfiles });
  });

  test.each([
    [
      'another entry lies below',
      [
        ['a/Kraftfile', '../Dockerfile'],
        ['b/Kraftfile', '../Dockerfile'],
        ['d/Kraftfile', '../two.Dockerfile'],
      ],
    ],
    ['the only entry below has a separate name', [['a/Kraftfile', '../Dockerfile']]],
  ] as const)('is none where %s', async (_, kraftfiles) => {
    const files = of(...kraftfiles.map(([name, rootfs]): [string, string] => [name, rootfs]));
    await expect(unitAt('group/c', files)).rejects.toMatchObject({ code: 'kraftfile-missing' });
  });
});

test('Kraftfiles beside the directory of their Dockerfile are of one unit, for any that is named', async () => {
  const files = {
    'group/c/a/Kraftfile': COMPLETE.replace('./Dockerfile', '../docker/Dockerfile'),
    'group/c/b/Kraftfile': COMPLETE.replace('./Dockerfile', '../docker/Dockerfile'),
    'group/c/docker/Dockerfile': 'FROM debian\n',
    'group/c/broken/Kraftfile': 'spec: [\n',
  };
  for (const path of ['group/c/a', 'group/c/b']) {
    const { name, kraftfiles } = await unitAt(path, files);
    expect([name, kraftfiles.length]).toEqual(['group/c', 2]);
  }
});

describe('the Kraftfiles of a shared Dockerfile', () => {
  const named = (rootfs: string) => kraftfile('runtime: base:latest', `rootfs: ${rootfs}`, 'cmd: ["/app"]');
  const shared = {
    'tests/Dockerfile': 'FROM debian\n',
    'tests/a/Kraftfile': named('../Dockerfile'),
    'tests/b/Kraftfile': named('../Dockerfile'),
    'tests/c/d/Kraftfile': named('../../Dockerfile'),
    'tests/node_modules/x/Kraftfile': named('../../Dockerfile'),
    'tests/own/Kraftfile': named('./Dockerfile'),
    'tests/own/Dockerfile': 'FROM debian\n',
    'tests/own/Kraftfile.bad': 'spec: [\n',
    'tests/marker/Kraftfile': '',
  };

  test.each(['tests/a', 'tests/b', 'tests/c/d'])(
    'are found from %s, those of others left out',
    async (path) => {
      const { kraftfiles, name } = await unitAt(path, shared);
      expect(name).toBe('tests');
      expect([...kraftfiles].sort()).toEqual([
        'a/Kraftfile at tests/a/Kraftfile',
        'b/Kraftfile at tests/b/Kraftfile',
        'c/d/Kraftfile at tests/c/d/Kraftfile',
      ]);
    },
  );

  test('below tests/ may name it from the directory above', async () => {
    const files = {
      'tests/Dockerfile': 'FROM debian\n',
      'tests/a/Kraftfile': named('./Dockerfile'),
      'tests/b/Kraftfile': named('./Dockerfile'),
    };
    const { kraftfiles, directory } = await unitAt('tests/a', files);
    expect(directory).toBe('tests');
    expect(kraftfiles).toHaveLength(2);
  });

  test('elsewhere may not', async () => {
    const files = { 'library/Dockerfile': 'FROM debian\n', 'library/a/Kraftfile': named('./Dockerfile') };
    await expect(unitAt('library/a', files)).rejects.toMatchObject({ code: 'rootfs-missing' });
  });
});

describe('the build context', () => {
  const files = { 'library/a/docker/Dockerfile': 'FROM debian\n' };
  const cmd = 'cmd: ["/app"]';
  const v07 = (path: string) =>
    `spec: v0.7\nruntime: base:latest\nrootfs: {source: {path: ${path}, dockerfile: docker/Dockerfile}}\n${cmd}\n`;

  test('is the directory of the Dockerfile', async () => {
    const plain = kraftfile('runtime: base:latest', 'rootfs: ./docker/Dockerfile', cmd);
    expect(await unitAt('library/a', { ...files, 'library/a/Kraftfile': plain })).toMatchObject({
      name: 'library/a',
      directory: 'library/a',
      dockerfile: 'docker/Dockerfile',
      context: 'library/a/docker',
    });
  });

  test('is what a v0.7 Kraftfile names, and makes another unit of it', async () => {
    const both = { ...files, 'library/a/Kraftfile': v07('.'), 'library/a/Kraftfile.x': v07('./docker') };
    expect(await unitAt('library/a', both)).toMatchObject({
      directory: 'library/a',
      context: 'library/a',
      kraftfiles: ['Kraftfile at library/a/Kraftfile'],
    });
  });
});

test.each([
  ['complete', ['runtime: base:latest', 'rootfs: ./Dockerfile']],
  ['complete', ['runtime: example.org/official/base-compat:latest', 'rootfs: ./Dockerfile']],
  ['runtime-delta', ['runtime: node:21', 'rootfs: ./Dockerfile']],
  ['library', ['template: app-elfloader', 'rootfs: ./Dockerfile']],
  ['library', ['unikraft: staging', 'rootfs: ./Dockerfile']],
  ['native', ['unikraft: staging']],
])('%s is the class of %j', async (expected, lines) => {
  const files = { 'library/a/Kraftfile': kraftfile(...lines), 'library/a/Dockerfile': 'FROM debian\n' };
  expect(await unitAt('library/a', files)).toMatchObject({ class: expected });
});

test.each([
  ['the Kraftfile names no rootfs', ''],
  ['the rootfs is a plain directory', 'rootfs: ./rootfs/'],
  ['the rootfs is a ready cpio file', 'rootfs: ./root.cpio'],
  ['the rootfs is an archive', 'rootfs: ./root.tar.gz'],
  ['the rootfs is a ready erofs file', 'rootfs: ./root.erofs'],
])('an entry without a Dockerfile says: %s', async (reason, line) => {
  const ready = ['rootfs/x', 'root.cpio', 'root.tar.gz', 'root.erofs'].map((name) => [
    `native/a/${name}`,
    '',
  ]);
  const files = { 'native/a/Kraftfile': kraftfile(line), ...Object.fromEntries(ready) };
  expect(await unitAt('native/a', files)).toMatchObject({ reason, name: 'native/a' });
});

describe('what is refused', () => {
  test.each(['./Dockerfile', './rootfs/', './root.cpio', './root.tar.gz'])(
    '%s that is named and not there',
    async (rootfs) => {
      const files = { 'library/a/Kraftfile': kraftfile('runtime: base:latest', `rootfs: ${rootfs}`) };
      await expect(unitAt('library/a', files)).rejects.toMatchObject({
        code: 'rootfs-missing',
        message: `cannot find the rootfs ${rootfs} that Kraftfile names`,
      });
    },
  );

  test('a directory by the name of a Dockerfile', async () => {
    const files = {
      'library/a/Kraftfile': kraftfile('runtime: base:latest', 'rootfs: ./dockerfiles'),
      'library/a/dockerfiles/Dockerfile': 'FROM debian\n',
    };
    await expect(unitAt('library/a', files)).rejects.toMatchObject({
      code: 'rootfs-missing',
      message: 'cannot use ./dockerfiles as the Dockerfile of Kraftfile: it is not a file',
      hint: 'name the Dockerfile, such as dockerfiles/Dockerfile',
    });
  });

  test('two Kraftfiles of standard names', async () => {
    const files = { 'library/a/Kraftfile': COMPLETE, 'library/a/kraft.yaml': COMPLETE };
    await expect(unitAt('library/a', files)).rejects.toMatchObject({ code: 'kraftfile-ambiguous' });
  });

  test('a mistake in a sibling is reported with its file and line', async () => {
    const files = {
      'library/a/Kraftfile': COMPLETE,
      'library/a/Kraftfile.bad': 'spec: v0.6\ncmd: [\n',
      'library/a/Dockerfile': 'FROM debian\n',
    };
    await expect(unitAt('library/a', files)).rejects.toMatchObject({
      code: 'kraftfile-invalid',
      detail: expect.stringContaining('library/a/Kraftfile.bad:'),
    });
  });
});

test('Kraftfiles are no longer read where there are more around a Dockerfile than an entry has', async () => {
  const many = Array.from({ length: 101 }, (_, at) => [`examples/a/Kraftfile.${at}`, COMPLETE]);
  const files = Object.fromEntries([...many, ['examples/a/Dockerfile', 'FROM debian\n']]);
  await expect(unitAt('examples/a/Kraftfile.1', files)).rejects.toMatchObject({
    code: 'limit-exceeded',
    message: 'cannot read examples/a: there are more than 100 Kraftfiles',
  });
});
