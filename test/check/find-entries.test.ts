import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selectEntries } from '../../src/check/find-entries.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { folderWith, writeBelow } from './folder.ts';

let folder: TemporaryDirectory;
beforeAll(async () => {
  folder = await folderWith();
});
afterAll(() => folder[Symbol.asyncDispose]());

const select = async (...names: string[]) => {
  const paths = names.map((name) => join(folder.path, name));
  return selectEntries(paths);
};
const ALL = [
  'examples/helloworld-gcc13.2',
  'examples/httpserver-python3.12',
  'library/nginx/1.25',
  'library/nginx/1.9',
  'library/python/3.12',
  'native/http-c',
  'tests/os/a',
];

describe('what paths name', () => {
  test('is a whole catalog: every entry, and neither markers nor what lies in an entry', async () => {
    expect(await select('.')).toEqual({ root: folder.path, isWhole: true, entries: ALL });
  });

  test.each([
    [['library/nginx/1.25'], ['library/nginx/1.25']],
    [['library/nginx/1.25/Kraftfile'], ['library/nginx/1.25']],
    [['library/nginx'], ['library/nginx/1.25', 'library/nginx/1.9']],
    [['tests'], ['tests/os/a']],
    [
      ['native', 'library/python', 'native/http-c'],
      ['native/http-c', 'library/python/3.12'],
    ],
  ])('%j: entries below it, each once, and not the catalog', async (names, entries) => {
    expect(await select(...names)).toEqual({ root: folder.path, isWhole: false, entries });
  });

  test.each([
    ['library/gone', /^cannot check .*library\/gone: there is no such path$/],
    ['.github', /^cannot find an entry: there is no Kraftfile in or below/],
  ])('%s is refused', async (name, message) => {
    await expect(select(name)).rejects.toMatchObject({
      code: 'kraftfile-missing',
      message: expect.stringMatching(message),
    });
  });

  test('of two catalogs is refused', async () => {
    await using other = await folderWith();
    const paths = [folder.path, other.path];
    expect(() => selectEntries(paths)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test('is a single application outside of any catalog', async () => {
    await using app = await temporaryDirectory();
    await writeBelow(app.path, 'Kraftfile', 'spec: v0.6\n');
    const selection = selectEntries([app.path]);
    expect(selection).toEqual({ root: app.path, isWhole: true, entries: ['.'] });
  });
});
