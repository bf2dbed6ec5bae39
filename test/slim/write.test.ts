import { spawnSync } from 'node:child_process';
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileChange } from '../../src/slim/file-change.ts';
import { hashOf } from '../../src/slim/state/state.ts';
import { applyChanges, guardOverwriting } from '../../src/slim/write/write.ts';
import { git } from '../support/git.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const BEFORE = { Dockerfile: 'FROM debian\n', Kraftfile: 'spec: v0.6\n' };
const DOCKERFILE: FileChange = { name: 'Dockerfile', before: BEFORE.Dockerfile, after: 'FROM scratch\n' };
const KRAFTFILE: FileChange = { name: 'Kraftfile', before: BEFORE.Kraftfile, after: 'spec: v0.7\n' };

const LIST: FileChange = { name: 'rootfs.list', before: null, after: '/a\n' };

let top: TemporaryDirectory;
beforeEach(async () => {
  top = await temporaryDirectory();
  for (const [name, text] of Object.entries(BEFORE)) await put(name, text);
});
afterEach(() => top[Symbol.asyncDispose]());

const put = (name: string, text: string, mode?: number) => writeFile(join(top.path, name), text, { mode });

/** Every file of the entry and what it says; git's own are left out. */
async function files(): Promise<Record<string, string>> {
  const names = (await readdir(top.path)).filter((name) => name !== '.git').sort();
  const texts = names.map(async (name) => [name, await readFile(join(top.path, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
}

async function commitAll(): Promise<void> {
  await git(top.path, 'init', '--quiet');
  await git(top.path, 'add', '--all');
  await git(top.path, 'commit', '--quiet', '--message', 'first');
}

describe('before overwriting', () => {
  const guard = (options: { lastWritten?: Record<string, string>; force?: boolean } = {}) =>
    guardOverwriting([KRAFTFILE, DOCKERFILE], {
      directory: top.path,
      lastWritten: {},
      force: false,
      ...options,
    });

  test('what git has is let go', async () => {
    await commitAll();
    expect(await guard()).toEqual([]);
    await put('Dockerfile', 'staged\n');
    await git(top.path, 'add', '--all');
    expect(await guard()).toEqual([]);
  });

  test('what git has nowhere is refused, with the file and the fix', async () => {
    await commitAll();
    await put('Dockerfile', 'mine\n');
    await expect(guard()).rejects.toMatchObject({
      code: 'would-overwrite',
      message: 'cannot overwrite Dockerfile: it has changes that git does not have',
      hint: 'commit or stage Dockerfile first, or give --force',
    });
  });

  test('what the tool wrote last is let go, by its own name', async () => {
    await commitAll();
    await put('Dockerfile', 'written by the tool\n');
    const hash = hashOf('written by the tool\n');
    expect(await guard({ lastWritten: { Dockerfile: hash } })).toEqual([]);
    await expect(guard({ lastWritten: { Kraftfile: hash } })).rejects.toMatchObject({
      code: 'would-overwrite',
    });
  });

  test('what the tool wrote and someone has changed since is refused', async () => {
    await commitAll();
    await put('Dockerfile', 'written by the tool, and mended\n');
    await expect(
      guard({ lastWritten: { Dockerfile: hashOf('written by the tool\n') } }),
    ).rejects.toMatchObject({
      code: 'would-overwrite',
    });
  });

  test('outside git, a file that was changed since the tool wrote it is refused while another original is beside it', async () => {
    await put('Dockerfile.orig', BEFORE.Dockerfile);
    await put('Dockerfile', 'written by the tool, and mended\n');
    await expect(guard()).rejects.toMatchObject({ code: 'would-overwrite' });
    expect(await guard({ force: true })).toEqual(['Kraftfile', 'Dockerfile']);
    const own = { Dockerfile: hashOf('written by the tool, and mended\n') };
    expect(await guard({ lastWritten: own })).toEqual(['Kraftfile', 'Dockerfile']);
  });

  test('outside git, the original itself is let go', async () => {
    await put('Dockerfile.orig', BEFORE.Dockerfile);
    expect(await guard()).toEqual(['Kraftfile', 'Dockerfile']);
  });

  test('where git cannot be asked nothing is overwritten', async () => {
    await commitAll();
    await writeFile(join(top.path, '.git', 'config'), 'not a configuration [');
    await expect(guard()).rejects.toMatchObject({ code: 'would-overwrite' });
    expect(await guard({ force: true })).toEqual(['Kraftfile', 'Dockerfile']);
  });

  test('force lets everything go', async () => {
    await commitAll();
    await put('Dockerfile', 'mine\n');
    expect(await guard({ force: true })).toEqual([]);
  });

  test('a file that is to be made has to be free', async () => {
    const options = { directory: top.path, lastWritten: {}, force: false };
    expect(await guardOverwriting([LIST], options)).toEqual([]);
    await put('rootfs.list', 'mine\n');
    await expect(guardOverwriting([LIST], options)).rejects.toMatchObject({ code: 'would-overwrite' });
  });

  test('outside git, a root list that the tool wrote has no original to save; one that was changed since has', async () => {
    await put('rootfs.list', '/a\n');
    const change: FileChange = { name: 'rootfs.list', before: '/a\n', after: null };
    const options = { directory: top.path, lastWritten: { 'rootfs.list': hashOf('/a\n') }, force: false };
    expect(await guardOverwriting([change], options)).toEqual([]);
    expect(await guardOverwriting([change], { ...options, lastWritten: {} })).toEqual(['rootfs.list']);
  });

  test('files outside git are named, to be saved first', async () => {
    expect(await guard()).toEqual(['Kraftfile', 'Dockerfile']);
    expect(await guard({ force: true })).toEqual(['Kraftfile', 'Dockerfile']);
  });
});

describe('writing', () => {
  const apply = (changes: readonly FileChange[], outside: readonly string[] = []) =>
    applyChanges(changes, outside, { directory: top.path });

  test('leaves the new files and nothing else', async () => {
    await apply([DOCKERFILE, KRAFTFILE]);
    expect(await files()).toEqual({ Dockerfile: 'FROM scratch\n', Kraftfile: 'spec: v0.7\n' });
  });

  test.each([0o600, 0o644, 0o664, 0o775])('keeps the mode %o', async (mode) => {
    await put('own', 'x');
    await chmod(join(top.path, 'own'), mode);
    await apply([{ name: 'own', before: 'x', after: 'y' }]);
    expect((await stat(join(top.path, 'own'))).mode & 0o7777).toBe(mode);
  });

  test('saves the original of a file outside git beside it', async () => {
    await apply([DOCKERFILE, KRAFTFILE], ['Dockerfile']);
    expect(await files()).toEqual({
      Dockerfile: 'FROM scratch\n',
      'Dockerfile.orig': BEFORE.Dockerfile,
      Kraftfile: 'spec: v0.7\n',
    });
  });

  test('never overwrites an original that was saved before', async () => {
    await put('Dockerfile.orig', 'the true original\n');
    await apply([DOCKERFILE], ['Dockerfile']);
    expect(await files()).toMatchObject({
      'Dockerfile.orig': 'the true original\n',
      Dockerfile: 'FROM scratch\n',
    });
  });

  test.each([
    ['the first', [KRAFTFILE, DOCKERFILE], 'Kraftfile'],
    ['the last', [KRAFTFILE, DOCKERFILE], 'Dockerfile'],
  ])('writes nothing where %s file was changed in the meantime', async (_, changes, changed) => {
    await put(changed, 'mine\n');
    await expect(apply(changes)).rejects.toMatchObject({
      code: 'would-overwrite',
      message: `cannot overwrite ${changed}: it was changed while kraft-slim was at work`,
    });
    expect(await files()).toEqual({ ...BEFORE, [changed]: 'mine\n' });
  });

  test('writes nothing where a file has gone', async () => {
    await expect(apply([KRAFTFILE, { ...DOCKERFILE, name: 'gone' }])).rejects.toMatchObject({
      code: 'would-overwrite',
    });
    expect(await files()).toEqual(BEFORE);
  });

  test('goes over what an interrupted run has left', async () => {
    const left = (pid: number) => `.Dockerfile.${pid}-0123456789abcdef.kraft-slim-new`;
    await put(left(spawnSync('true').pid), 'half a fi', 0o600);
    await put(left(process.pid), 'of this process');
    await apply([DOCKERFILE]);
    const expected = { ...BEFORE, Dockerfile: 'FROM scratch\n', [left(process.pid)]: 'of this process' };
    expect(await files()).toEqual(expected);
    expect((await stat(join(top.path, 'Dockerfile'))).mode & 0o777).toBe(0o644);
  });

  test('takes the Kraftfile first, a list before its Dockerfile and what goes last, whatever the order of the changes', async () => {
    const order: string[] = [];
    const changes = [{ ...LIST, name: 'gone', before: 'x', after: null }, DOCKERFILE, LIST, KRAFTFILE];
    await put('gone', 'x');
    const watched = changes.map((change) => ({
      ...change,
      get before() {
        order.push(change.name);
        return change.before;
      },
    }));
    await apply(watched);
    expect(order).toEqual(['Kraftfile', 'rootfs.list', 'Dockerfile', 'gone']);
  });

  test('makes a file that was not there, for all to read', async () => {
    await apply([DOCKERFILE, LIST]);
    expect(await files()).toEqual({ ...BEFORE, Dockerfile: 'FROM scratch\n', 'rootfs.list': '/a\n' });
    expect((await stat(join(top.path, 'rootfs.list'))).mode & 0o7777).toBe(0o644);
  });

  test('removes a file', async () => {
    await put('rootfs.list', '/a\n');
    await apply([{ name: 'rootfs.list', before: '/a\n', after: null }, DOCKERFILE]);
    expect(await files()).toEqual({ ...BEFORE, Dockerfile: 'FROM scratch\n' });
  });

  test.each([
    ['made in the meantime', { ...LIST, before: null }],
    ['changed in the meantime', { ...LIST, before: '/b\n', after: null }],
  ])('does nothing where a file was %s', async (_, change) => {
    await put('rootfs.list', 'mine\n');
    await expect(apply([KRAFTFILE, DOCKERFILE, change])).rejects.toMatchObject({ code: 'would-overwrite' });
    expect(await files()).toEqual({ ...BEFORE, 'rootfs.list': 'mine\n' });
  });

  const MOVED: readonly FileChange[] = [
    { name: 'Kraftfile', before: null, after: 'spec: v0.7\n', replaces: 'kraft.yaml' },
    { name: 'kraft.yaml', before: 'old: true\n', after: null },
  ];

  test('puts a file in the place of another', async () => {
    await rm(join(top.path, 'Kraftfile'));
    await put('kraft.yaml', 'old: true\n');
    await apply(MOVED, ['kraft.yaml']);
    expect(await files()).toEqual({
      Dockerfile: BEFORE.Dockerfile,
      Kraftfile: 'spec: v0.7\n',
      'kraft.yaml.orig': 'old: true\n',
    });
  });

  test.each([
    ['the new one is there already', { 'kraft.yaml': 'old: true\n' }],
    ['the old one was changed', { 'kraft.yaml': 'mine\n', Kraftfile: null }],
  ])('leaves both as they are where %s', async (_, there) => {
    for (const [name, text] of Object.entries(there)) {
      await (text === null ? rm(join(top.path, name)) : put(name, text));
    }
    const before = await files();
    await expect(apply(MOVED)).rejects.toMatchObject({ code: 'would-overwrite' });
    expect(await files()).toEqual(before);
  });
});
