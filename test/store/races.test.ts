import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readText } from '../../src/store/read.ts';
import { createFile, replaceFile } from '../../src/store/write.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

/** open(2): such an open names a place, and opens nothing. */
const O_PATH = 0o10000000;

/**
 * What another process does: `run` between the look at a path and its opening, `late` after the look at what is open.
 */
const race = vi.hoisted(() => ({
  run: null as (() => void) | null,
  late: null as (() => void) | null,
  /** Whether /proc says nothing about what is open from `run` on. */
  isWithoutProc: false,
  hasOpened: false,
}));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const openSync: typeof fs.openSync = (path, flags, mode) => {
    race.hasOpened = (Number(flags) & O_PATH) === 0;
    const run = race.hasOpened ? race.run : null;
    if (run !== null) race.run = null;
    run?.();
    return fs.openSync(path, flags, mode);
  };
  const isProc = (path: unknown) => String(path).startsWith('/proc/self/fd') && race.hasOpened;
  const readlinkSync = (path: string) => {
    if (race.isWithoutProc && isProc(path)) throw Object.assign(new Error('no proc'), { code: 'ENOENT' });
    const found = fs.readlinkSync(path);
    const late = isProc(path) ? race.late : null;
    if (late !== null) race.late = null;
    late?.();
    return found;
  };
  const existsSync = (path: string) => !(race.isWithoutProc && isProc(path)) && fs.existsSync(path);
  return { ...fs, openSync, readlinkSync, existsSync };
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
  race.run = () => putLink('a', 'host');
  race.late = null;
  race.isWithoutProc = false;
});
afterEach(() => top[Symbol.asyncDispose]());

/** Puts a link to the host in the place of what the catalog has. */
function putLink(name: string, target: string): void {
  renameSync(join(root, name), join(root, 'moved'));
  symlinkSync(join(top.path, target), join(root, name));
}

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

test('a link that comes in the place of a file is not followed where no /proc says what is open', () => {
  race.isWithoutProc = true;
  race.run = () => putLink('a/file', 'host/file');
  expect(() => readText(join(root, 'a/file'), { root, kind: 'README' })).toThrow();
});

test('a link that comes in the place of a directory is not followed where no /proc says what is open', () => {
  race.isWithoutProc = true;
  race.run = () => putLink('a/below', 'host/below');
  expect(() => replaceFile(join(root, 'a/below/new'), 'forged', { root })).toThrow();
  expect(readdirSync(join(top.path, 'host/below'))).toEqual(['file']);
});

test('a link that comes in the place of an open directory has nothing written behind it', () => {
  race.run = null;
  race.late = () => putLink('a', 'host');
  expect(createFile(join(root, 'a/below/new'), 'a text', { root })).toBe(true);
  expect(readdirSync(join(top.path, 'host/below'))).toEqual(['file']);
  expect(readFileSync(join(root, 'moved/below/new'), 'utf8')).toBe('a text');
});
