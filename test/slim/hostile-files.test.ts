import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCheck } from '../../src/check/run-check.ts';
import { readBuildContext } from '../../src/dockerfile/build-context.ts';
import { readUnit } from '../../src/entry/read-unit.ts';
import { UserError } from '../../src/shared/failure.ts';
import { slimEntry } from '../../src/slim/slim-entry.ts';
import { inputsOf } from '../../src/slim/state/inputs.ts';
import { discoverEntries } from '../../src/sweep/discover.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { PLAIN } from '../sweep/plain-options.ts';

const CANARY = 'token = hunter2';
const KRAFTFILE = 'spec: v0.6\nruntime: base:latest\nrootfs: ./Dockerfile\ncmd: ["/a"]\n';
const DOCKERFILE = 'FROM a\n';

let top: TemporaryDirectory;
let catalog: string;
beforeEach(async () => {
  top = await temporaryDirectory();
  catalog = join(top.path, 'catalog');
  await put('../host/canary', CANARY);
  await put('../host/Dockerfile', `${CANARY}\n`);
  await chmod(join(top.path, 'host/canary'), 0o600);
  await put('library/good/Kraftfile', KRAFTFILE);
  await put('library/good/Dockerfile', DOCKERFILE);
  await put('examples/other/Dockerfile', DOCKERFILE);
  await put('examples/app/Kraftfile', KRAFTFILE);
  await put('examples/app/Dockerfile', DOCKERFILE);
  await put('.git/config', CANARY);
});
afterEach(async () => {
  const canary = join(top.path, 'host/canary');
  expect(await readFile(canary, 'utf8')).toBe(CANARY);
  expect((await lstat(canary)).mode & 0o777).toBe(0o600);
  expect((await readdir(join(top.path, 'host'))).sort()).toEqual(['Dockerfile', 'canary']);
  await top[Symbol.asyncDispose]();
});

async function put(name: string, text: string): Promise<void> {
  const path = join(catalog, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const at = (name: string) => join(catalog, 'examples/app', name);

/** Something else in the place of a file of the entry. */
async function replace(name: string, make: (path: string) => unknown): Promise<void> {
  execFileSync('rm', ['-rf', at(name)]);
  await make(at(name));
}

const linkTo = (target: string) => (path: string) => symlink(target, path);
const pipe = (path: string) => execFileSync('mkfifo', [path]);
const huge = async (path: string) => {
  await writeFile(path, '');
  await truncate(path, 8 * 1024 ** 3);
};

/** Slims the entry where there is no engine: an entry that nothing refuses gets as far as that. */
async function slim() {
  const engine = async () => {
    throw new UserError('engine-absent', 'there is no engine');
  };
  const tools = { engine, signal: AbortSignal.timeout(60_000), on: () => undefined };
  const { result, error } = await slimEntry(at(''), PLAIN, tools);
  return { code: result.code, told: JSON.stringify([result, String(error)]) };
}

/** What a build and a run of the entry would read. */
async function inputs() {
  const unit = await readUnit(at(''));
  if (!('dockerfile' in unit)) throw new Error('the entry has no Dockerfile');
  return await inputsOf(unit, async () => []);
}

test('an entry that asks for nothing odd gets as far as the engine', async () => {
  expect((await slim()).code).toBe('engine-absent');
});

const FILES = ['Kraftfile', 'Dockerfile', 'kraft-slim.yaml', '.dockerignore', 'README.md'];

describe.each(FILES)('in the place of %s', (name) => {
  // the others are read with the build's inputs, for which an engine is asked before
  const isReadFirst = ['Kraftfile', 'Dockerfile', 'kraft-slim.yaml'].includes(name);

  test.each<[string, (path: string) => unknown, string]>([
    ['a link to the host', linkTo('../../../host/canary'), 'refused'],
    ['an absolute link to the host', (path) => symlink(join(top.path, 'host/canary'), path), 'refused'],
    ['a link to /etc/passwd', linkTo('/etc/passwd'), 'refused'],
    ["a link to git's settings", linkTo('../../.git/config'), 'refused'],
    ['a link to /dev/zero', linkTo('/dev/zero'), 'refused'],
    ['a pipe', pipe, 'refused'],
    ['a file of 8 GiB', huge, 'limit-exceeded'],
  ])('%s is neither read nor shown', async (_, make, code) => {
    await replace(name, make);
    const { code: found, told } = await slim();
    expect(found).toBe(isReadFirst ? code : 'engine-absent');
    if (!isReadFirst) await expect(inputs()).rejects.toMatchObject({ code });
    for (const secret of [CANARY, 'hunter2', 'root:x:0']) expect(told).not.toContain(secret);
    const report = await runCheck([catalog], { only: [], skip: [], fix: false } as never);
    for (const secret of [CANARY, 'hunter2', 'root:x:0'])
      expect(JSON.stringify(report)).not.toContain(secret);
    expect((await discoverEntries(catalog)).map(({ name: entry }) => entry)).toContain('library/good');
  });
});

describe('a rootfs', () => {
  const v07 = (path: string) =>
    `spec: v0.7\nruntime: base:latest\nrootfs: {source: {path: ${path}, dockerfile: Dockerfile}}\ncmd: [/a]\n`;

  test.each<[string, string, (() => unknown)?]>([
    ['above the root', 'rootfs: ../../../host/Dockerfile'],
    ['at an absolute path', 'rootfs: /etc/hostname'],
    ['behind a linked directory', 'rootfs: ./out/Dockerfile', () => symlink('../../../host', at('out'))],
    ['of git', 'rootfs: ../../.git/config'],
  ])('%s is refused', async (_, line, prepare) => {
    await prepare?.();
    await put('examples/app/Kraftfile', KRAFTFILE.replace('rootfs: ./Dockerfile', line));
    const { code, told } = await slim();
    expect(code).toBe('refused');
    expect(told).not.toContain('hunter2');
    const report = await runCheck([at('')], { only: [], skip: [], fix: false } as never);
    expect(JSON.stringify(report)).toContain('which lies outside of the catalog');
  });

  test.each(['../../..', '../../../host', '/root', './out'])(
    'whose context is %s is refused',
    async (context) => {
      await symlink('../../../host', at('out'));
      await put('examples/app/Kraftfile', v07(context));
      expect((await slim()).code).toMatch(/^(refused|rootfs-missing)$/);
    },
  );

  test('beside the entry, within the catalog, is taken', async () => {
    await put('examples/app/Kraftfile', KRAFTFILE.replace('./Dockerfile', '../other/Dockerfile'));
    expect((await slim()).code).toBe('engine-absent');
  });
});

describe('a build context', () => {
  const context = async (directory: string) => {
    const options = { directory, dockerfile: join(directory, 'Dockerfile'), root: catalog };
    return (await readBuildContext(options)).entries;
  };

  test('has links as they are, and nothing of what they point at', async () => {
    await symlink('../../../host', at('out'));
    await symlink('/etc/passwd', at('passwd'));
    const entries = await context(at(''));
    const links = entries.filter(({ type }) => type === 'symlink');
    expect(links.map(({ path, linkTarget }) => [path, linkTarget])).toEqual([
      ['out', '../../../host'],
      ['passwd', '/etc/passwd'],
    ]);
    expect(entries.map(({ path }) => path)).toEqual(['Dockerfile', 'Kraftfile', 'out', 'passwd']);
  });

  test("has nothing of git's, at whatever depth", async () => {
    await put('examples/app/vendor/.git/config', CANARY);
    await put('examples/app/module/.git', 'gitdir: elsewhere');
    await put('Dockerfile', DOCKERFILE);
    const paths = (await context(catalog)).map(({ path }) => path);
    expect(paths).toContain('examples/app/Kraftfile');
    expect(paths.filter((path) => path.includes('.git'))).toEqual([]);
  });

  test('with a name that is not UTF-8 is refused', async () => {
    await writeFile(Buffer.concat([Buffer.from(at('a')), Buffer.from([0xff])]), '');
    await expect(context(at(''))).rejects.toMatchObject({ code: 'refused' });
  });

  test('has files up to its limit in all', async () => {
    const options = { directory: at(''), dockerfile: at('Dockerfile'), root: catalog };
    const bytes = Buffer.byteLength(KRAFTFILE) + Buffer.byteLength(DOCKERFILE);
    expect((await readBuildContext({ ...options, maxBytes: bytes })).entries).toHaveLength(2);
    await expect(readBuildContext({ ...options, maxBytes: bytes - 1 })).rejects.toMatchObject({
      code: 'limit-exceeded',
    });
  });

  test('outside of the catalog is refused', async () => {
    await expect(context(join(top.path, 'host'))).rejects.toMatchObject({ code: 'refused' });
  });
});

test('a linked directory is no place for entries', async () => {
  await put('../host-entries/app/Kraftfile', KRAFTFILE);
  await symlink('../../host-entries', join(catalog, 'library/linked'));
  const names = (await discoverEntries(catalog)).map(({ name }) => name);
  expect(names.filter((name) => name.includes('linked'))).toEqual([]);
  const refused = slimEntry(join(catalog, 'library/linked/app'), PLAIN, {
    engine: async () => {
      throw new Error('no engine');
    },
    signal: AbortSignal.timeout(60_000),
    on: () => undefined,
  });
  expect((await refused).result.code).toBe('refused');
});
