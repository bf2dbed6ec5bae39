import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/engine/engine.ts';
import { KnownFiles } from '../../../src/image/known-files.ts';
import { packItems, type TarItem } from '../../../src/image/pack-tar.ts';
import { VERSION } from '../../../src/shared/version.ts';
import { hashOf } from '../../../src/slim/state/state.ts';
import { shareMachine } from '../../../src/sweep/machine.ts';
import { readJob } from '../../../src/sweep/queue/message-schema.ts';
import { unpackFiles } from '../../../src/sweep/queue/pack.ts';
import type { EntryJob } from '../../../src/sweep/queue/protocol.ts';
import { workOnPack } from '../../../src/sweep/queue/work-on-pack.ts';
import { networkPool } from '../../../src/workload/network-pool.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../support/temporary-directory.ts';
import { PLAIN } from '../plain-options.ts';

const { stateDirectory: _, force: __, ...OPTIONS } = PLAIN;
const JOB: EntryJob = {
  version: VERSION,
  sweep: '6f1c',
  path: 'examples/app',
  pack: 'a'.repeat(64),
  options: OPTIONS,
  state: null,
  entryTimeoutMs: 60_000,
};

test('an honest job is read', () => {
  expect(readJob(JSON.parse(JSON.stringify(JOB)))).toEqual(JOB);
  expect(readJob({ ...JOB, path: 'tests/a b/Kraftfile.ls' }).path).toBe('tests/a b/Kraftfile.ls');
});

describe('a forged job is refused:', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['nothing in it', {}],
    ['a path above', { ...JOB, path: '../../home/user/project' }],
    ['a path above in the middle', { ...JOB, path: 'examples/../../x' }],
    ['an absolute path', { ...JOB, path: '/home/user/project' }],
    ['a path that is no text', { ...JOB, path: { toString: 'x' } }],
    ['a path with a zero byte', { ...JOB, path: 'a\0b' }],
    ['an endless path', { ...JOB, path: 'x/'.repeat(100_000) }],
    ['a pack that is no hash', { ...JOB, pack: '../x' }],
    ['the name of another key', { ...JOB, sweep: 'a:b' }],
    ['an unknown part', { ...JOB, shell: 'sh' }],
    ['a version that is none', { ...JOB, version: '1.0\n::error::x' }],
    ['a state directory', { ...JOB, options: { ...OPTIONS, stateDirectory: '/etc' } }],
    ['an unknown option', { ...JOB, options: { ...OPTIONS, shell: 'sh' } }],
    ['a strategy that is none', { ...JOB, options: { ...OPTIONS, search: { strategy: 'constructor' } } }],
    ['options that are missing', { ...JOB, options: {} }],
    ['a state that is none', { ...JOB, state: { written: 1 } }],
    ['endless time', { ...JOB, entryTimeoutMs: Number.MAX_SAFE_INTEGER }],
    ['time that is no number', { ...JOB, entryTimeoutMs: '60000' }],
  ])('%s', (_name, data) => {
    expect(() => readJob(data)).toThrow(expect.objectContaining({ name: 'UserError', code: 'refused' }));
  });
});

let top: TemporaryDirectory;
const KRAFTFILE = 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/a"]\n';
const VICTIM = { Dockerfile: 'FROM mine\n', Kraftfile: KRAFTFILE };
beforeEach(async () => {
  top = await temporaryDirectory();
  await mkdir(join(top.path, 'victim'));
  for (const [name, text] of Object.entries(VICTIM)) await writeFile(join(top.path, 'victim', name), text);
});
afterEach(() => top[Symbol.asyncDispose]());

/** Asserts that nothing of the host beside the directory of the worker was touched. */
async function expectUntouched() {
  expect(await readdir(top.path)).toEqual(expect.arrayContaining(['victim']));
  expect((await readdir(join(top.path, 'victim'))).sort()).toEqual(Object.keys(VICTIM).sort());
  for (const [name, text] of Object.entries(VICTIM))
    expect(await readFile(join(top.path, 'victim', name), 'utf8')).toBe(text);
}

const text = (name: string, content: string): TarItem => ({ name, content: Buffer.from(content) });
const link = (name: string, linkname: string): TarItem => ({ name, type: 'symlink', linkname });

async function packed(items: readonly TarItem[]) {
  const bytes = gzipSync(await buffer(packItems(items)));
  return { bytes, hash: hashOf(bytes) };
}

/** Works on a pack as a worker does, with an engine that must not be asked. */
async function work(items: readonly TarItem[], job: Partial<EntryJob> = {}) {
  const { bytes, hash } = await packed(items);
  const directory = join(top.path, 'worker');
  await mkdir(directory);
  const engine = async (): Promise<Engine> => {
    throw new Error('the engine was asked');
  };
  await using networks = networkPool();
  await using knownFiles = new KnownFiles();
  const machine = shareMachine(engine, { builds: 1, runs: 1, memoryBytes: null });
  const { signal } = new AbortController();
  const tools = { engine, networks, knownFiles, machine, signal, on: () => undefined, untrusted: true };
  return await workOnPack({ job: { ...JOB, pack: hash, ...job }, bytes, directory }, tools);
}

describe('a pack that leads out of the directory of a worker is refused:', () => {
  const victim = () => join(top.path, 'victim');
  test.each<[string, () => TarItem[], Partial<EntryJob>?]>([
    ['by a link in the place of the entry', () => [link('examples/app', victim())]],
    ['by a link above the entry', () => [link('examples', top.path)], { path: 'examples/victim' }],
    [
      'by a link in the place of a Dockerfile',
      () => [
        text('examples/app/Kraftfile', KRAFTFILE),
        link('examples/app/Dockerfile', join(victim(), 'Dockerfile')),
      ],
    ],
    [
      'by a link in the place of a Kraftfile',
      () => [
        text('examples/app/Dockerfile', 'FROM a\n'),
        link('examples/app/Kraftfile', join(victim(), 'Kraftfile')),
      ],
    ],
    [
      'by a rootfs above',
      () => [
        text('examples/app/Kraftfile', KRAFTFILE.replace('./Dockerfile', '../../../../victim/Dockerfile')),
      ],
    ],
    [
      'by a link in the place of a README',
      () => [
        text('examples/app/Kraftfile', KRAFTFILE),
        text('examples/app/Dockerfile', 'FROM a\n'),
        link('examples/app/README.md', join(victim(), 'Dockerfile')),
      ],
    ],
    [
      'by a link in the place of a root list',
      () => [
        text('examples/app/Kraftfile', KRAFTFILE),
        text('examples/app/Dockerfile', 'FROM a\n'),
        link('examples/app/rootfs.list', join(victim(), 'Dockerfile')),
      ],
    ],
  ])('%s', async (_name, items, job) => {
    const report = await work(items(), job).catch((error: unknown) => ({ result: error, changes: [] }));
    expect(report.result).toMatchObject({
      code: expect.stringMatching(/^(refused|rootfs-missing|kraftfile-\w+)$/),
    });
    expect(report.changes).toEqual([]);
    await expectUntouched();
  });

  test('by a link in the place of the state', async () => {
    const state = { schema: 'kraft-slim/state/1' as const, entry: 'examples/app', written: {}, kept: null };
    const { emptyResult } = await import('../../../src/slim/result.ts');
    const job = { state: { ...state, result: emptyResult('examples/app'), fingerprint: null, missed: [] } };
    await work([link('.kraft-slim', victim()), text('examples/app/Kraftfile', 'spec: v0.6\n')], job).catch(
      () => undefined,
    );
    await expectUntouched();
  });
});

test('a worker that trusts no entry refuses what a job would allow', async () => {
  const { result } = await work([
    text('examples/app/Kraftfile', KRAFTFILE),
    text('examples/app/Dockerfile', 'FROM a\n'),
    text('examples/app/kraft-slim.yaml', 'build: {network: host}\n'),
  ]);
  expect(result).toMatchObject({ status: 'failed', code: 'refused' });
});

/** A tar of one file, with bytes of its header replaced. */
async function tarWith(at: number, bytes: readonly number[], items: readonly TarItem[] = [text('a', 'x')]) {
  const tar = await buffer(packItems(items));
  tar.set(bytes, at);
  tar.fill(0x20, 148, 156);
  const sum = tar.subarray(0, 512).reduce((all, byte) => all + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  const packedTar = gzipSync(tar);
  return { bytes: packedTar, hash: hashOf(packedTar) };
}

describe('of a forged pack nothing is unpacked:', () => {
  const huge = [0x80, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff];
  const ascii = (word: string) => [...Buffer.from(word)];
  test.each<[string, () => Promise<{ bytes: Buffer; hash: string }>, RegExp]>([
    ['a mode beyond 32 bits', () => tarWith(100, huge), /the mode of "a"/],
    ['a mode beyond what a file can have', () => tarWith(100, ascii('0100644')), /the mode of "a"/],
    [
      'a time beyond all',
      () => tarWith(136, [0x80, 0, 0, 0, 0x7f, 255, 255, 255, 255, 255, 255, 255]),
      /time/,
    ],
    ['a device', () => tarWith(156, ascii('3')), /neither a file/],
    ['a pipe', () => tarWith(156, ascii('6')), /neither a file/],
    ['a hard link', () => tarWith(156, ascii('1')), /neither a file/],
    ['no archive', async () => ({ bytes: Buffer.from('x'), hash: hashOf('x') }), /cannot unpack/],
    ['a link without a target', () => tarWith(156, ascii('2')), /no target/],
  ])('%s', async (_name, forge, why) => {
    const { bytes, hash } = await forge();
    const into = join(top.path, 'into');
    await mkdir(into);
    await expect(unpackFiles(bytes, hash, into)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(why),
    });
    expect(await readdir(into)).toEqual([]);
  });

  test('more than memory holds', async () => {
    const bytes = gzipSync(Buffer.alloc(600 * 1024 ** 2), { level: 1 });
    await expect(unpackFiles(bytes, hashOf(bytes), top.path)).rejects.toMatchObject({ code: 'refused' });
  });
});
