import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeMarker } from '../../src/dockerfile/marker.ts';
import { rootListHash } from '../../src/dockerfile/root-list.ts';
import { contextTexts, listChanges, ownListPath, stagingOf } from '../../src/slim/unit-texts.ts';
import { rootfsOf } from '../support/rootfs.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const TOOLS = {
  '/usr/bin/tar': 'verbatim-files-from',
  '/usr/bin/mkdir': '',
  '/usr/bin/rm': '',
  '/bin/sh': '',
};
const LIST = '/a\n';
/** A Dockerfile of ours with that list. */
const OURS = `FROM a\n${writeMarker('FROM a\n', 'FROM scratch\n', {
  before: null,
  minimal: 'none',
  promise: null,
  list: rootListHash(LIST),
})}FROM scratch\n`;

let top: TemporaryDirectory;
beforeEach(async () => {
  top = await temporaryDirectory();
  await mkdir(join(top.path, 'app'));
  await put('app/Dockerfile', 'FROM a\n');
});
afterEach(() => top[Symbol.asyncDispose]());

const put = (name: string, text: string) => writeFile(join(top.path, name), text);
const unit = (context = 'app') => ({
  catalogRoot: top.path,
  directory: join(top.path, 'app'),
  dockerfile: 'Dockerfile',
  context: join(top.path, context),
});
async function staging(context?: string) {
  await using rootfs = await rootfsOf(TOOLS);
  return await stagingOf(unit(context), rootfs);
}

describe('a stage can be assembled', () => {
  test('from a list beside the Dockerfile', async () => {
    expect(await staging()).toEqual({ kind: 'possible', list: 'rootfs.list', place: '/.rootfs' });
  });

  test('from a list below the context', async () => {
    expect(await staging('.')).toMatchObject({ kind: 'possible', list: 'app/rootfs.list' });
  });

  test('not where the context does not hold the Dockerfile', async () => {
    await mkdir(join(top.path, 'src'));
    const why = 'the Dockerfile lies outside of its build context';
    expect(await staging('src')).toEqual({ kind: 'impossible', why });
  });

  test('not over a file of the author’s, but over a list that was ours and someone has edited', async () => {
    await put('app/rootfs.list', 'mine\n');
    expect(await staging()).toEqual({ kind: 'impossible', why: 'the entry already has a rootfs.list' });
    await put('app/Dockerfile', OURS);
    expect(await staging()).toMatchObject({ kind: 'possible' });
  });

  test('not by an image without the tools', async () => {
    await using rootfs = await rootfsOf({ '/bin/sh': '' });
    expect(await stagingOf(unit(), rootfs)).toEqual({ kind: 'impossible', why: 'the image has no tar' });
  });
});

describe('beside the Dockerfile', () => {
  test('the list is made, and nothing else where no ignore file hides it', async () => {
    await put('app/.dockerignore', 'node_modules\n');
    expect(await listChanges(unit(), LIST)).toEqual([{ name: 'rootfs.list', before: null, after: LIST }]);
  });

  test('it is re-included in every ignore file that hides it, since each builder reads another file', async () => {
    await put('app/.dockerignore', '*');
    await put('app/Dockerfile.dockerignore', '*.list\n');
    expect(await listChanges(unit(), LIST)).toEqual([
      { name: 'rootfs.list', before: null, after: LIST },
      { name: 'Dockerfile.dockerignore', before: '*.list\n', after: '*.list\n!rootfs.list\n' },
      { name: '.dockerignore', before: '*', after: '*\n!rootfs.list\n' },
    ]);
  });

  test('an ignore file of a context above is named from the entry', async () => {
    await put('.dockerignore', 'app\n');
    const changes = await listChanges(unit('.'), LIST);
    expect(changes[1]).toEqual({
      name: '../.dockerignore',
      before: 'app\n',
      after: 'app\n!app/rootfs.list\n',
    });
    expect([...contextTexts(unit('.'), changes)]).toEqual([
      ['app/rootfs.list', LIST],
      ['.dockerignore', 'app\n!app/rootfs.list\n'],
    ]);
  });

  test('nothing changes where all is there', async () => {
    await put('app/.dockerignore', '*\n!rootfs.list\n');
    await put('app/rootfs.list', LIST);
    expect(await listChanges(unit(), LIST)).toEqual([]);
  });

  test('a list that is needed no more is removed where it is ours', async () => {
    expect(await listChanges(unit(), null)).toEqual([]);
    await put('app/rootfs.list', LIST);
    expect(await listChanges(unit(), null)).toEqual([]);
    await put('app/Dockerfile', OURS);
    expect(await listChanges(unit(), null)).toEqual([{ name: 'rootfs.list', before: LIST, after: null }]);
  });
});

test('only a list of ours is none of the author’s files', async () => {
  await put('app/rootfs.list', LIST);
  expect(await ownListPath(unit('.'))).toBeNull();
  await put('app/Dockerfile', OURS);
  expect(await ownListPath(unit('.'))).toBe('app/rootfs.list');
});
