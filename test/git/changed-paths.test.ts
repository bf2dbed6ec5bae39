import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { changedPaths } from '../../src/git/changed-paths.ts';
import { catalogOf } from '../support/catalog.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('since a commit, there have changed', () => {
  test('what was committed since, what is only in the work tree, and what is new; not what is ignored', async () => {
    const files = { 'library/a': '1', 'library/b': '1', 'library/c': '1', '.gitignore': '*.o\n' };
    await using catalog = await catalogOf(files);
    await catalog.write({ 'library/a': '2', 'library/c': null });
    await catalog.commit();
    await catalog.write({ 'library/b': '2', 'examples/größe': '1', 'examples/x.o': '1' });
    expect((await changedPaths(catalog.path, 'HEAD')).sort()).toEqual(['examples/größe', 'library/b']);
    expect((await changedPaths(catalog.path, 'HEAD~1')).sort()).toEqual([
      'examples/größe',
      'library/a',
      'library/b',
      'library/c',
    ]);
  });

  test('paths below the directory that is asked about, relative to it', async () => {
    await using catalog = await catalogOf({ 'library/a': '1', 'examples/b': '1' });
    await catalog.write({ 'library/a': '2', 'examples/b': '2', 'library/c': '1' });
    expect((await changedPaths(join(catalog.path, 'library'), 'HEAD')).sort()).toEqual(['a', 'c']);
  });

  test.each(['no-such-branch', '--output=x', 'HEAD^{tree}'])(
    'nothing that is known since %s',
    async (reference) => {
      await using catalog = await catalogOf({ 'library/a': '1' });
      await expect(changedPaths(catalog.path, reference)).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining(`cannot find changes since ${reference}`),
      });
    },
  );

  test('nothing that is known outside of git', async () => {
    await using directory = await temporaryDirectory();
    await expect(changedPaths(directory.path, 'HEAD')).rejects.toMatchObject({ code: 'usage' });
  });
});
