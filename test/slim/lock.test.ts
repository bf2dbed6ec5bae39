import { type ChildProcess, execFile, fork, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownerOfThisProcess } from '../../src/shared/process-owner.ts';
import { lock } from '../../src/slim/state/lock.ts';
import { seal } from '../../src/store/seal.ts';
import { samples } from '../support/samples.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');

let temporary: TemporaryDirectory;
let contenders: ChildProcess[];

/** The lock is contended for by processes, which need JavaScript. */
beforeAll(async () => {
  temporary = await temporaryDirectory();
  const build = join(temporary.path, 'build');
  await promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-p', ROOT, '--outDir', build]);
  const script = join(import.meta.dirname, 'lock-contender.mjs');
  contenders = [1, 2, 3].map(() => fork(script, [join(build, 'slim/state/lock.js')]));
  await Promise.all(contenders.map((contender) => once(contender, 'message')));
}, 60_000);
afterAll(async () => {
  for (const contender of contenders) contender.kill();
  await temporary[Symbol.asyncDispose]();
});

async function ask(contender: ChildProcess, message: object): Promise<unknown> {
  const answer = once(contender, 'message');
  contender.send(message);
  return (await answer)[0];
}

/** The owner of a process of this machine that has ended. */
function deadOwner(): string {
  const { pid } = spawnSync('true');
  return ownerOfThisProcess().replace(/\/\d+\/\d+\//, `/${pid}/1/`);
}

/** What lies in the place of the lock when the three come. */
const BEFORE: readonly (readonly [string, () => string | null])[] = [
  ['nothing', () => null],
  ['the lock of a dead process', () => `00000000-0000-4000-8000-000000000000 ${deadOwner()}\n`],
  ['an empty file', () => ''],
  ['a file of another content', () => 'x'.repeat(100_000)],
];

test.each(BEFORE)(
  'of three processes one holds a lock, where there is %s before',
  async (name, before) => {
    const rounds = samples({ ci: 15, soak: 250 });
    const directory = await mkdir(join(temporary.path, name), { recursive: true });
    for (let round = 0; round < rounds; round += 1) {
      const path = join(directory as string, `${round}.lock`);
      const content = before();
      if (content !== null) await writeFile(path, content);
      const answers = await Promise.all(contenders.map((contender) => ask(contender, { path })));
      expect(answers.sort()).toEqual(['busy', 'busy', 'held']);
      await Promise.all(contenders.map((contender) => ask(contender, { release: true })));
    }
    expect(await readdir(directory as string)).toEqual([]);
  },
  600_000,
);

const busy = (owner: string) => new Error(`busy: ${owner}`);

test('a lock of a live process is refused, with its owner, and is free when it is disposed of', async () => {
  const path = join(temporary.path, 'live.lock');
  {
    await using _ = await lock(path, { busy });
    await expect(lock(path, { busy })).rejects.toThrow(`busy: ${ownerOfThisProcess()}`);
  }
  await using _ = await lock(path, { busy });
});

test('a lock is waited for as long as it is asked for', async () => {
  const path = join(temporary.path, 'wait.lock');
  const first = await lock(path, { busy });
  setTimeout(() => first[Symbol.asyncDispose](), 100);
  await using _ = await lock(path, { busy, waitMs: 30_000 });
});

test.each([
  ['a directory', (path: string) => mkdir(path)],
  ['a link to nowhere', (path: string) => symlink('/nowhere', path)],
  ['a link to a file', (path: string) => symlink(join(ROOT, 'package.json'), path)],
  ['a pipe', async (path: string) => void spawnSync('mkfifo', [path])],
])('%s in the place of a lock counts for nothing, and goes', async (name, make) => {
  const path = join(temporary.path, `${name}.lock`);
  await make(path);
  {
    await using _ = await lock(path, { busy });
    await expect(lock(path, { busy })).rejects.toThrow();
  }
  expect((await readdir(temporary.path)).filter((found) => found.startsWith(name))).toEqual([]);
  // what a link led to stays
  expect(await readFile(join(ROOT, 'package.json'), 'utf8')).toContain('kraft-slim');
});

test('a signed lock is held by signed locks alone, and leaves nothing', async () => {
  const directory = await mkdtemp(join(temporary.path, 'signed-'));
  const path = join(directory, 'sweep.lock');
  await writeFile(path, `${randomUUID()} elsewhere/1/1/1/-\n`);
  // what a run that was killed at work leaves beside it
  const gone = ownerOfThisProcess().replace(/\/\d+\//, '/4194305/');
  const left = seal(`${randomUUID()} ${gone}`, { kind: 'lock', key: 'sweep.lock' });
  await writeFile(`${path}.${randomUUID()}.new`, `${left}\n`);
  {
    await using _ = await lock(path, { busy, signed: true });
    await expect(lock(path, { busy, signed: true })).rejects.toThrow(`busy: ${ownerOfThisProcess()}`);
    expect(await readdir(directory)).toEqual(['sweep.lock']);
  }
  expect(await readdir(directory)).toEqual([]);
});
