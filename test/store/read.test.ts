import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FILE_LIMITS, showLimit } from '../../src/store/limits.ts';
import {
  contentPieces,
  listDirectory,
  listOrNone,
  readBytes,
  readRange,
  readText,
  statWithin,
} from '../../src/store/read.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const CANARY = 'the secret of the host';

let top: TemporaryDirectory;
let root: string;
beforeEach(async () => {
  top = await temporaryDirectory();
  root = join(top.path, 'catalog');
  mkdirSync(join(root, 'app'), { recursive: true });
  mkdirSync(join(top.path, 'host/below'), { recursive: true });
  writeFileSync(join(top.path, 'host/canary'), CANARY);
  writeFileSync(join(root, 'shared'), 'shared text');
});
afterEach(() => top[Symbol.asyncDispose]());

const at = (name: string) => join(root, name);
const read = (name: string) => readText(at(name), { root, kind: 'README' });
const link = (target: string, name: string) => symlinkSync(target, at(name));

/** What an error says to a user, its causes left out. */
function failureOf(work: () => unknown): { code: string; text: string } {
  try {
    work();
  } catch (error) {
    const { code, message, hint, detail } = error as Record<string, string>;
    return { code: code ?? '', text: [message, hint, detail].join('\n') };
  }
  return { code: 'none', text: '' };
}

describe('a text below a root', () => {
  test('is read', () => {
    writeFileSync(at('app/README.md'), 'text\n');
    expect(read('app/README.md')).toBe('text\n');
  });

  test.each(['app/none', 'shared/below', 'app/a\0b', `app/${'x'.repeat(5000)}`])(
    '%j is not there',
    (name) => {
      expect(read(name)).toBeNull();
    },
  );

  test('is found through a link that stays below the root', () => {
    link('../shared', 'app/link');
    link(at('shared'), 'app/absolute');
    link('app', 'alias');
    expect([read('app/link'), read('app/absolute'), read('alias/link')]).toEqual(
      Array(3).fill('shared text'),
    );
  });

  test('is absent behind a link to nothing', () => {
    link('nothing', 'app/link');
    expect(read('app/link')).toBeNull();
  });
});

describe('nothing outside of the root is read:', () => {
  test.each([
    ['a relative link', '../../host/canary'],
    ['an absolute link', 'ABSOLUTE'],
    ['a link to a link', 'first'],
    ['a link through a directory', '../out/canary'],
    ['a link through the process', '/proc/self/environ'],
    ['a link to a device', '/dev/zero'],
  ])('%s', (_, target) => {
    link('../../host/canary', 'app/first');
    link('../host', 'out');
    link(target === 'ABSOLUTE' ? join(top.path, 'host/canary') : target, 'app/README.md');
    const { code, text } = failureOf(() => read('app/README.md'));
    expect(code).toBe('refused');
    expect(text).toContain('cannot use app/README.md: it is a link that leads out of the catalog');
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain('host');
  });

  test('a path through a linked directory', () => {
    link('../host', 'out');
    expect(failureOf(() => read('out/canary')).code).toBe('refused');
  });

  test.each(['../host/canary', '../../etc/passwd', 'app/../../host/canary'])('%s', (name) => {
    expect(failureOf(() => read(name)).code).toBe('refused');
  });

  test('a circle of links', () => {
    link('b', 'a');
    link('a', 'b');
    expect(failureOf(() => read('a'))).toMatchObject({
      code: 'refused',
      text: expect.stringContaining('in a circle'),
    });
  });

  test.each(['.git/config', 'app/.git/config', '.GIT/config'])("%s, which is git's", (name) => {
    mkdirSync(join(at(name), '..'), { recursive: true });
    writeFileSync(at(name), CANARY);
    link(at(name), 'link');
    expect(failureOf(() => read(name)).code).toBe('refused');
    expect(failureOf(() => read('link'))).toMatchObject({
      code: 'refused',
      text: expect.not.stringContaining(CANARY),
    });
  });

  test('piece by piece, by parts, or by what stat reports', async () => {
    link('../host/canary', 'out');
    await expect(buffer(contentPieces(at('out'), { root }))).rejects.toMatchObject({ code: 'refused' });
    expect(failureOf(() => readRange(at('out'), { root }, [0, 9])).code).toBe('refused');
    expect(failureOf(() => statWithin(at('out'), { root })).code).toBe('refused');
  });

  test('as a directory', () => {
    link('../host', 'out');
    expect(failureOf(() => listDirectory(at('out'), { root })).code).toBe('refused');
    expect(failureOf(() => listDirectory(join(root, '../host'), { root })).code).toBe('refused');
    expect(listOrNone(at('out'), root)).toEqual([]);
  });
});

describe('what is no regular file is refused before it is opened:', () => {
  const refusal = (what: string) => ({
    code: 'refused',
    message: expect.stringContaining(`it is ${what}, not a regular file`),
  });

  test.each([
    ['a pipe', () => void execFileSync('mkfifo', [at('x')])],
    ['a directory', () => mkdirSync(at('x'))],
  ])('%s', async (what, make) => {
    make();
    expect(() => read('x')).toThrow(expect.objectContaining(refusal(what)));
    await expect(buffer(contentPieces(at('x'), { root }))).rejects.toMatchObject(refusal(what));
  });

  test('a socket, which cannot be opened at all', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('x'), resolve));
    expect(() => read('x')).toThrow(expect.objectContaining(refusal('a socket')));
    await new Promise((resolve) => server.close(resolve));
  });

  test('a device', () => {
    const options = { root: '/dev', kind: 'README' } as const;
    expect(() => readText('/dev/zero', options)).toThrow(expect.objectContaining(refusal('a device')));
  });
});

describe('a limit', () => {
  test.each(['Kraftfile', 'README', 'kraft-slim.yaml', 'journal'] as const)('holds a %s', (kind) => {
    const file = openSync(at('x'), 'w');
    ftruncateSync(file, FILE_LIMITS[kind] + 1);
    closeSync(file);
    const { code, text } = failureOf(() => readBytes(at('x'), { root, kind }));
    expect(code).toBe('limit-exceeded');
    const limit = showLimit(FILE_LIMITS[kind]);
    expect(text).toContain(`cannot read x: it has more than ${limit}, the limit of a ${kind}`);
  });

  test('lets a file pass that has as many bytes', () => {
    writeFileSync(at('x'), '12345');
    expect(readBytes(at('x'), { root, kind: 'README', maxBytes: 5 })?.toString()).toBe('12345');
    expect(failureOf(() => readBytes(at('x'), { root, kind: 'README', maxBytes: 4 })).code).toBe(
      'limit-exceeded',
    );
  });
});

test('content is read by parts, and piece by piece', async () => {
  writeFileSync(at('x'), '0123456789');
  expect(readRange(at('x'), { root }, [2, 3]).toString()).toBe('234');
  expect(readRange(at('x'), { root }, [8, 9]).toString()).toBe('89');
  expect(readRange(at('x'), { root }, [20, 9]).toString()).toBe('');
  expect((await buffer(contentPieces(at('x'), { root }))).toString()).toBe('0123456789');
});
