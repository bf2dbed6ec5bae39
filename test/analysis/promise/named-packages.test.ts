import { describe, expect, test } from 'vitest';
import { namedPackages } from '../../../src/analysis/promise/named-packages.ts';
import type { TreeTable } from '../../support/memory-tree.ts';
import { dpkg, keptBy } from './runtime-context.ts';

const SITE = '/usr/lib/python3/dist-packages';
const PYTHON = { program: '/usr/bin/python3.11', tree: { '/usr/lib/python3.11/os.py': '' } } as const;

describe('packages that RUN steps install by name', () => {
  const tree: TreeTable = {
    ...PYTHON.tree,
    ...dpkg({
      moons: { files: ['/usr/bin/moons'], depends: 'moons-common' },
      'moons-common': { files: ['/usr/share/doc/moons/README'], depends: 'python3-moon' },
      'python3-moon': { files: [`${SITE}/moon.py`] },
      'python3-pip': { files: [`${SITE}/pip/__init__.py`], depends: 'python3-build' },
      'python3-build': { files: [`${SITE}/build.py`] },
      'libmoon-perl': { files: ['/usr/share/perl5/Moon.pm'] },
    }),
  };

  test('keep the modules for the interpreter that runs, of what they depend on too', async () => {
    const installed = ['moons', 'libmoon-perl'];
    expect(await keptBy(namedPackages, { ...PYTHON, tree, installed })).toEqual([`${SITE}/moon.py`]);
  });

  test('keep nothing for an installer, nor for what it needs', async () => {
    expect(await keptBy(namedPackages, { ...PYTHON, tree, installed: ['python3-pip'] })).toEqual([]);
  });

  test('keep nothing where no step names them', async () => {
    expect(await keptBy(namedPackages, { ...PYTHON, tree })).toEqual([]);
  });
});

describe("packages that the author's steps make", () => {
  const site = '/usr/local/lib/python3.12/site-packages';
  const distribution = (name: string, files: Record<string, string>): TreeTable => ({
    [`${site}/${name}.py`]: '',
    [`${site}/${name}-1.dist-info/METADATA`]: `Name: ${name}\n`,
    [`${site}/${name}-1.dist-info/RECORD`]: `${name}.py,,\n`,
    ...Object.fromEntries(
      Object.entries(files).map(([file, text]) => [`${site}/${name}-1.dist-info/${file}`, text]),
    ),
  });
  const python = {
    program: '/usr/local/bin/python3.12',
    tree: { '/usr/local/lib/python3.12/os.py': '' },
  };
  const modules = (paths: readonly string[]) => paths.filter((path) => !path.includes('.dist-info'));

  test('pip marks what is named', async () => {
    const tree = { ...python.tree, ...distribution('moon', { REQUESTED: '' }), ...distribution('tide', {}) };
    const kept = await keptBy(namedPackages, { ...python, tree, made: site });
    expect(modules(kept)).toEqual([`${site}/moon.py`]);
  });

  test('all are named where their installer marks none', async () => {
    const tree = { ...python.tree, ...distribution('moon', {}), ...distribution('tide', {}) };
    const kept = await keptBy(namedPackages, { ...python, tree, made: site });
    expect(modules(kept)).toEqual([`${site}/moon.py`, `${site}/tide.py`]);
  });

  test('those of the base image are not named', async () => {
    const tree = { ...python.tree, ...distribution('moon', { REQUESTED: '' }) };
    expect(await keptBy(namedPackages, { ...python, tree })).toEqual([]);
  });

  test('pip itself is no package of the app', async () => {
    const tree = { ...python.tree, ...distribution('pip', { REQUESTED: '' }) };
    expect(modules(await keptBy(namedPackages, { ...python, tree, made: site }))).toEqual([]);
  });
});

test('the package.json of a project names what it needs, not what its developers need', async () => {
  const tree = {
    '/app/package.json': '{"dependencies":{"moon":"1"},"devDependencies":{"mocha":"1"}}',
    '/app/node_modules/moon/package.json': '{}',
    '/app/node_modules/mocha/package.json': '{}',
    '/app/node_modules/.bin/mocha': '',
  };
  const opened = ['/app/node_modules/.bin/mocha'];
  expect(await keptBy(namedPackages, { program: '/usr/bin/node', tree, opened })).toEqual([
    '/app/node_modules/moon/package.json',
  ]);
});

test('the autoloader of Composer finds every class but those for development', async () => {
  const tree = {
    '/app/vendor/autoload.php': '',
    '/app/vendor/composer/installed.json': JSON.stringify({
      packages: [
        { name: 'a/b', 'install-path': '../a/b' },
        { name: 'e/f', 'install-path': '../e/f' },
      ],
      'dev-package-names': ['e/f'],
    }),
    '/app/vendor/a/b/A.php': '',
    '/app/vendor/e/f/F.php': '',
  };
  const opened = ['/app/vendor/autoload.php'];
  expect(await keptBy(namedPackages, { program: '/usr/bin/php8.2', tree, opened })).toEqual([
    '/app/vendor/a/b/A.php',
    '/app/vendor/autoload.php',
    '/app/vendor/composer/installed.json',
  ]);
});
