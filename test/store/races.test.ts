import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readText } from '../../src/store/read.ts';
import { replaceFile } from '../../src/store/write.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

/** What another process does between the look at a path and its opening. */
const race = vi.hoisted(() => ({ run: null as (() => void) | null }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const openSync: typeof fs.openSync = (...words) => {
    const run = race.run;
    race.run = null;
    run?.();
    return fs.openSync(...words);
  };
  return { ...fs, openSync };
});

let top: TemporaryDirectory;
let root: string;
beforeEach(async () => {
  top = await temporaryDirectory();
  root = join(top.path, 'catalog');
  mkdirSync(join(root, 'a/below'), { recursive: true });
  mkdirSync(join(top.path, 'host/below'), { recursive: true });
  for (const file of ['catalog/a/file', 'catalog/a/below/file', 'host/file', 'host/below/file'])
    writeFileSync(join(top.path, file), file);
  race.run = () => {
    renameSync(join(root, 'a'), join(root, 'moved'));
    symlinkSync(join(top.path, 'host'), join(root, 'a'));
  };
});
afterEach(() => top[Symbol.asyncDispose]());

test('a file is not read behind a link that comes while kraft-slim opens it', () => {
  expect(() => readText(join(root, 'a/file'), { root, kind: 'README' })).toThrow(/moved while/);
});

test('a file is not written behind a link that comes while kraft-slim opens its directory', () => {
  expect(() => replaceFile(join(root, 'a/below/file'), 'forged', { root })).toThrow(/moved while/);
  expect(readFileSync(join(top.path, 'host/below/file'), 'utf8')).toBe('host/below/file');
});

test('a pipe that comes in the place of a file while kraft-slim opens it is refused', () => {
  race.run = () => {
    renameSync(join(root, 'a/file'), join(root, 'a/moved'));
    execFileSync('mkfifo', [join(root, 'a/file')]);
  };
  expect(() => readText(join(root, 'a/file'), { root, kind: 'README' })).toThrow(/it is a pipe/);
});
