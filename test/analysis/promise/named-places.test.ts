import { describe, expect, test } from 'vitest';
import { namedPlaces } from '../../../src/analysis/promise/named-places.ts';
import type { TreeTable } from '../../support/memory-tree.ts';
import { promiseContext } from '../../support/promise-context.ts';

type Seen = NonNullable<Parameters<typeof promiseContext>[1]>;

/** The files, links and empty directories that the rule keeps. */
async function keptBy(table: TreeTable, seen: Seen): Promise<string[]> {
  const context = promiseContext(table, { argv: ['/bin/app'], ...seen });
  const paths = await namedPlaces.needs(context);
  return paths.filter((path) => context.tree.list(path).length === 0).sort();
}

const DATA = { '/data/a.json': '{}', '/data/sub/b.json': '{}', '/other/c.json': '{}' };
const OF_DATA = ['/data/a.json', '/data/sub/b.json'];

describe('what RUN steps made at a place that the author names', () => {
  test.each([
    ['a directory in quotes', 'root = "/data"'],
    ['a beginning of a name, with a variable behind it', 'open(f"/data/{name}.json")'],
    ['a beginning of a file name', "read('/data/item-' + id)"],
    ['a file that is made at run time', 'db = sqlite3.connect("/data/new.db")'],
    ['a setting of a shell script', 'DATA=/data'],
    ['a part of a search path', 'path: /nowhere:/data'],
  ])('stays if a source names %s', async (_, source) => {
    expect(await keptBy({ ...DATA, '/app/main.py': source }, { opened: ['/app/main.py'] })).toEqual(OF_DATA);
  });

  test.each([
    ['nothing of it', 'root = "/elsewhere"'],
    ['an address', 'url = "http://host/data"'],
    ['a relative path', 'open("app/data")'],
    ['bytes that are no text', '"/data"\0'],
    ['more than a source has', `"/data"${' '.repeat(256 * 1024)}`],
  ])('is not kept by a file that holds %s', async (_, source) => {
    expect(await keptBy({ ...DATA, '/app/main.py': source }, { opened: ['/app/main.py'] })).toEqual([]);
  });

  test('is not kept by the source of a package, of the base image, or of a library', async () => {
    const names = '"/data"';
    const library = '/usr/lib/node_modules/a/index.js';
    const table = { ...DATA, '/app/owned.py': names, '/app/base.py': names, [library]: names };
    const seen = {
      opened: ['/app/owned.py', '/app/base.py', library],
      packages: { owner: ['/app/owned.py'] },
      base: ['/app/base.py'],
    };
    expect(await keptBy(table, seen)).toEqual([]);
  });

  test('stays if the environment or the command line names it', async () => {
    expect(await keptBy(DATA, { env: { LD_LIBRARY_PATH: '/data:/lib' } })).toEqual(OF_DATA);
    expect(await keptBy(DATA, { argv: ['/bin/app', '--root=/data'] })).toEqual(OF_DATA);
  });

  test.each(['PATH', 'HOME', 'JAVA_HOME', 'GOPATH', 'PYENV_ROOT', 'PIP_CACHE_DIR', 'TMPDIR'])(
    'is not kept by the variable %s',
    async (name) => {
      expect(await keptBy(DATA, { env: { [name]: '/data' } })).toEqual([]);
    },
  );

  test('is a file alone, if the file has the name', async () => {
    expect(await keptBy(DATA, { env: { SETTINGS: '/data/a.json' } })).toEqual(['/data/a.json']);
  });

  test('is not what the base image, a package or a compiler has there', async () => {
    const table = {
      '/data/base': 'x',
      '/data/owned': 'x',
      '/data/ours': 'x',
      '/src/main.c': 'x',
      '/usr/lib/a': 'x',
    };
    const seen = { base: ['/data/base'], packages: { owner: ['/data/owned'] } };
    const env = { A: '/data', B: '/src/main.c', C: '/usr/lib' };
    expect(await keptBy(table, { ...seen, env })).toEqual(['/data/ours']);
  });
});
