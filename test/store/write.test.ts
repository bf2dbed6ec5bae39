import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDirectory, makeUpwards, removeEmptyDirectory, removeTree } from '../../src/store/directories.ts';
import { storeError } from '../../src/store/store-error.ts';
import {
  appendToFile,
  copyFile,
  createFile,
  makeLink,
  moveFile,
  NEW_SUFFIX,
  removeFile,
  replaceFile,
  saveBeside,
  writeBeside,
  writeTarget,
} from '../../src/store/write.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const CANARY = 'canary of the host';

let top: TemporaryDirectory;
let root: string;
beforeEach(async () => {
  top = await temporaryDirectory();
  root = join(top.path, 'catalog');
  mkdirSync(join(root, 'app'), { recursive: true });
  mkdirSync(join(top.path, 'host'));
  writeFileSync(join(top.path, 'host/canary'), CANARY, { mode: 0o600 });
});
afterEach(async () => {
  // whatever a test does, the host's file stays as it was
  expect(readFileSync(join(top.path, 'host/canary'), 'utf8')).toBe(CANARY);
  expect(lstatSync(join(top.path, 'host/canary')).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(top.path, 'host'))).toEqual(['canary']);
  await top[Symbol.asyncDispose]();
});

const at = (name: string) => join(root, name);
const link = (target: string, name: string) => symlinkSync(target, at(name));
const textOf = (name: string) => readFileSync(at(name), 'utf8');
const namesIn = (name: string) => readdirSync(at(name)).sort();

/** The code of what is thrown. */
function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'none';
}

describe('a file is written', () => {
  test('as a whole, with its mode, and nothing is left beside it', () => {
    replaceFile(at('app/Dockerfile'), 'FROM a\n', { root, mode: 0o750 });
    replaceFile(at('app/Dockerfile'), 'FROM b\n', { root, mode: 0o640 });
    expect(textOf('app/Dockerfile')).toBe('FROM b\n');
    expect(lstatSync(at('app/Dockerfile')).mode & 0o7777).toBe(0o640);
    expect(namesIn('app')).toEqual(['Dockerfile']);
  });

  test('under a name that nothing can predict', () => {
    const files = [1, 2].map(() => writeBeside(at('app/Dockerfile'), 'x', { root }));
    const names = namesIn('app');
    expect(new Set(names).size).toBe(2);
    expect(names.every((name) => name.endsWith(NEW_SUFFIX))).toBe(true);
    for (const file of files) file.discard();
    expect(namesIn('app')).toEqual([]);
  });

  test('in the place of a link, never through it', () => {
    link('../../host/canary', 'app/Dockerfile');
    replaceFile(at('app/Dockerfile'), 'FROM a\n', { root });
    expect(lstatSync(at('app/Dockerfile')).isFile()).toBe(true);
  });

  test('once alone where it is not to replace another', () => {
    link('../../host/canary', 'app/README.md.orig');
    expect(createFile(at('app/README.md.orig'), 'x', { root })).toBe(false);
    expect(createFile(at('app/new'), 'x', { root })).toBe(true);
    expect(createFile(at('app/new'), 'y', { root })).toBe(false);
    expect(textOf('app/new')).toBe('x');
  });
});

describe('a directory that is a link is left alone', () => {
  test.each<[string, (path: string) => unknown]>([
    ['by replacing', (path) => replaceFile(path, 'x', { root })],
    ['by making a file', (path) => createFile(path, 'x', { root })],
    ['by writing beside', (path) => writeBeside(path, 'x', { root })],
    ['by appending', (path) => appendToFile(path, 'x', { root, sync: false })],
    ['by removing', (path) => removeFile(path, { root })],
    ['by removing a tree', (path) => removeTree(path, { root })],
    ['by removing what is empty', (path) => removeEmptyDirectory(path, { root })],
    ['by making a directory', (path) => makeDirectory(`${path}/x`, { root })],
    ['by making a link', (path) => makeLink('x', `${path}x`, { root })],
    ['by moving', (path) => moveFile(path, `${path}x`, { root })],
  ])('%s', (_, work) => {
    link('../host', 'out');
    link('app', 'inside');
    writeFileSync(at('app/canary'), 'mine');
    expect(codeOf(() => work(at('out/canary')))).toBe('refused');
    expect(codeOf(() => work(at('inside/canary')))).toBe('refused');
    expect(codeOf(() => work(join(root, '../host/canary')))).toBe('refused');
    expect(namesIn('app')).toEqual(['canary']);
    expect(textOf('app/canary')).toBe('mine');
  });
});

test('appending follows no link, and waits for no pipe', () => {
  link('../host/canary', 'log');
  execFileSync('mkfifo', [at('pipe')]);
  expect(codeOf(() => appendToFile(at('log'), 'x', { root, sync: false }))).toBe('ELOOP');
  expect(codeOf(() => appendToFile(at('pipe'), 'x', { root, sync: false }))).toBe('ENXIO');
});

describe('what is removed', () => {
  test('is a link, not what it points at', () => {
    link('../host', 'app/out');
    link('../../host/canary', 'app/file');
    removeFile(at('app/file'), { root });
    removeTree(at('app'), { root });
    expect(namesIn('.')).toEqual([]);
  });

  test.each(['.', '..', '../host', 'x/../../host', 'app/..'])('is not %s', (name) => {
    expect(codeOf(() => removeTree(`${root}/${name}`, { root }))).toBe('refused');
    expect(existsSync(root)).toBe(true);
  });

  test('may be gone already', () => {
    removeFile(at('app/none'), { root });
    removeTree(at('none/below'), { root });
    removeEmptyDirectory(at('none'), { root });
  });

  test('is a directory only where it is empty, if that is asked for', () => {
    writeFileSync(at('app/x'), '');
    removeEmptyDirectory(at('app'), { root });
    expect(namesIn('.')).toEqual(['app']);
    removeFile(at('app/x'), { root });
    removeEmptyDirectory(at('app'), { root });
    expect(namesIn('.')).toEqual([]);
  });
});

describe('a target of a catalog', () => {
  test('is the file itself, or nothing yet', () => {
    writeFileSync(at('app/Dockerfile'), '');
    expect(writeTarget(at('app/Dockerfile'), { root })).toBe(at('app/Dockerfile'));
    expect(writeTarget(at('app/none'), { root })).toBe(at('app/none'));
  });

  test('is what a link in the same entry points at', () => {
    mkdirSync(at('app/real'));
    writeFileSync(at('app/real/Dockerfile'), '');
    link('real/Dockerfile', 'app/Dockerfile');
    expect(writeTarget(at('app/Dockerfile'), { root })).toBe(at('app/real/Dockerfile'));
  });

  test.each(['../other/Dockerfile', '../../host/canary', 'nothing', '../other', '.git/config'])(
    'is refused as a link to %s',
    (target) => {
      mkdirSync(at('other'));
      mkdirSync(at('app/.git'));
      writeFileSync(at('app/.git/config'), '');
      writeFileSync(at('other/Dockerfile'), '');
      link(target, 'app/Dockerfile');
      expect(codeOf(() => writeTarget(at('app/Dockerfile'), { root }))).toBe('refused');
    },
  );

  test('is refused as a link to a pipe or a directory of the same entry', () => {
    execFileSync('mkfifo', [at('app/pipe')]);
    mkdirSync(at('app/real'));
    for (const target of ['pipe', 'real']) {
      link(target, `app/to-${target}`);
      expect(codeOf(() => writeTarget(at(`app/to-${target}`), { root }))).toBe('refused');
    }
  });

  test('is refused as a pipe and as a directory', () => {
    execFileSync('mkfifo', [at('app/pipe')]);
    expect(codeOf(() => writeTarget(at('app/pipe'), { root }))).toBe('refused');
    expect(codeOf(() => writeTarget(at('app'), { root }))).toBe('refused');
  });
});

test('an original is saved once, and not through a link', () => {
  writeFileSync(at('app/a'), 'first', { mode: 0o755 });
  expect(saveBeside(at('app/a'), 'a.orig', { root, kind: 'catalog file' })).toBe(true);
  writeFileSync(at('app/a'), 'second');
  expect(saveBeside(at('app/a'), 'a.orig', { root, kind: 'catalog file' })).toBe(false);
  expect(textOf('app/a.orig')).toBe('first');
  expect(lstatSync(at('app/a.orig')).mode & 0o777).toBe(0o755);
  link('../../host/canary', 'app/b.orig');
  writeFileSync(at('app/b'), 'b');
  expect(saveBeside(at('app/b'), 'b.orig', { root, kind: 'catalog file' })).toBe(false);
});

test('a file is copied with its mode, over nothing', async () => {
  writeFileSync(at('app/a'), 'text', { mode: 0o755 });
  await copyFile(at('app/a'), at('app/b'), { root });
  expect([textOf('app/b'), lstatSync(at('app/b')).mode & 0o777]).toEqual(['text', 0o755]);
  link('../../host/canary', 'app/c');
  await expect(copyFile(at('app/a'), at('app/c'), { root })).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(copyFile(at('app/c'), at('app/d'), { root })).rejects.toMatchObject({ code: 'refused' });
  makeLink('../../anything', at('app/e'), { root });
  expect(readlinkSync(at('app/e'))).toBe('../../anything');
});

test('directories are made below the root, and a file in the way is refused', () => {
  expect(makeDirectory(at('a/b/c'), { root })).toBe(true);
  expect(makeDirectory(at('a/b/c'), { root })).toBe(false);
  writeFileSync(at('a/file'), '');
  expect(codeOf(() => makeDirectory(at('a/file/x'), { root }))).toBe('refused');
  expect(codeOf(() => makeDirectory(at('a/file'), { root }))).toBe('refused');
});

test('a directory that cannot be is refused, and does not spin', () => {
  expect(codeOf(() => makeUpwards('/proc/no-such/state', 0o700))).toBe('refused');
  expect(makeUpwards(join(top.path, 'x/y'), 0o700)).toBe(true);
  expect(lstatSync(join(top.path, 'x/y')).mode & 0o777).toBe(0o700);
});

test.each([
  ['ENOSPC', 'disk-full', 'cannot write app/a: no space is left on the device'],
  ['EDQUOT', 'disk-full', "cannot write app/a: the user's disk quota is used up"],
  ['EROFS', 'disk-full', 'cannot write app/a: the file system is read-only'],
  ['EACCES', 'refused', 'cannot write app/a: permission is denied'],
])('%s is %s', (system, code, message) => {
  expect(storeError(Object.assign(new Error(), { code: system }), 'app/a')).toMatchObject({ code, message });
});

test('any other failure stays as it is', () => {
  const other = Object.assign(new Error('x'), { code: 'EIO' });
  expect(storeError(other, 'x')).toBe(other);
});

test('a file that cannot be written whole leaves nothing', () => {
  const missing = undefined as unknown as string;
  expect(() => writeBeside(at('app/file'), missing, { root })).toThrow(TypeError);
  expect(() => createFile(at('app/file'), missing, { root })).toThrow(TypeError);
  expect(readdirSync(at('app'))).toEqual([]);
});

test('a file moves to no other directory', () => {
  writeFileSync(at('app/file'), 'x');
  mkdirSync(at('other'));
  expect(() => moveFile(at('app/file'), at('other/file'), { root })).toThrow('in another directory');
  expect(() => moveFile(at('app/file'), at('other/new'), { root })).toThrow('in another directory');
  expect([readdirSync(at('app')), readdirSync(at('other'))]).toEqual([['file'], []]);
});
