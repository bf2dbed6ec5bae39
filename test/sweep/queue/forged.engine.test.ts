import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VERSION } from '../../../src/shared/version.ts';
import { emptyResult } from '../../../src/slim/result.ts';
import type { SweepEvent } from '../../../src/sweep/event.ts';
import { QUEUE } from '../../../src/sweep/queue/protocol.ts';
import { catalogOf, type Files } from '../../support/catalog.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../support/temporary-directory.ts';
import { codesOf, FAILS, startWorker, sweepThrough } from './over-redis.ts';

const KRAFTFILE = 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/a"]\n';
const appAt = (name: string): Files => ({
  [`examples/${name}/Kraftfile`]: KRAFTFILE,
  [`examples/${name}/Dockerfile`]: `FROM debian:bookworm\nRUN echo ${name}\n`,
});

let redis: RedisServer;
let client: Redis;
beforeEach(async () => {
  redis = await startRedis();
  client = new Redis(redis.url, { maxRetriesPerRequest: null });
});
afterEach(async () => {
  client.disconnect();
  await redis[Symbol.asyncDispose]();
});

const honest = (entry: string) => ({
  result: {
    ...emptyResult(entry),
    class: 'complete',
    status: 'failed',
    code: 'build-failed',
    reason: 'it fails',
  },
  changes: [],
  state: null,
});

const writes = (entry: string, name: string) => ({
  result: { ...emptyResult(entry), status: 'slimmed', verified: true, written: [name] },
  changes: [{ name, before: null, after: 'x' }],
  state: null,
});

/** What a hostile worker answers, by the name of the entry. */
const FORGED: Readonly<Record<string, (entry: string) => unknown>> = {
  absolute: (entry) => writes(entry, '/tmp/kraft-slim-canary'),
  above: (entry) => writes(entry, '../../victim'),
  empty: () => ({ result: {} }),
  hook: (entry) => writes(entry, '../../.git/hooks/post-commit'),
  nothing: () => null,
  other: () => honest('examples/good'),
  text: () => 'done',
};

test('a sweep goes on whatever a worker answers, writes nothing that is forged, and takes the honest answer', async () => {
  const names = [...Object.keys(FORGED), 'good'];
  await using catalog = await catalogOf(Object.assign({}, ...names.map(appAt)));
  const events: SweepEvent[] = [];
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
  const hostile = new Worker(
    QUEUE,
    async (job) => {
      const { path } = job.data as { path: string };
      await job.updateProgress({ type: 'entry-finished', entry: path, from: 'work', result: null });
      await job.updateProgress({ type: 'step', entry: 'x', step: 'build', detail: '\x1b[2Jowned' });
      await job.updateProgress({ type: 'step', entry: 'not mine', step: 'build', detail: 'building' });
      return (FORGED[path.replace('examples/', '')] ?? honest)(path);
    },
    { connection },
  );
  try {
    const results = await sweepThrough(catalog, { url: redis.url, on: (event) => void events.push(event) });
    const expected = names
      .sort()
      .map((name) => [`examples/${name}`, 'failed', name === 'good' ? 'build-failed' : 'refused']);
    expect(codesOf(results)).toEqual(expected);
    for (const { code, reason, hint } of results) {
      if (code === 'refused')
        expect({ reason, hint }).toMatchObject({ reason: /cannot use/, hint: /trusted/ });
    }
  } finally {
    await hostile.close();
    connection.disconnect();
  }
  expect(await catalog.status()).toEqual([]);
  expect(await readdir(join(catalog.path, '.git/hooks'))).not.toContain('post-commit');
  expect(JSON.stringify(events)).not.toContain('owned');
  const entries = events.flatMap((event) => (event.type === 'step' ? [event.entry] : []));
  expect(new Set(entries).has('not mine')).toBe(false);
  const finished = events.filter(({ type }) => type === 'entry-finished');
  expect(finished).toHaveLength(names.length);
});

/** Ends a job as a user that can write to the server does. */
async function forgeEnd(path: string, fields: Readonly<Record<string, string>>, set: 'completed' | 'failed') {
  const queue = new Queue(QUEUE, { connection: client });
  for (;;) {
    const job = (await queue.getJobs()).find((one) => one?.data.path === path);
    if (job?.id !== undefined) {
      await client.hset(queue.toKey(job.id), fields);
      await client.lrem(queue.toKey('wait'), 0, job.id);
      await client.zadd(queue.toKey(set), Date.now(), job.id);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await queue.close();
}

test('a sweep goes on where the ends of jobs are no messages at all', async () => {
  await using catalog = await catalogOf(Object.assign({}, ...['a', 'b', 'c', 'd'].map(appAt)));
  const sweeping = sweepThrough(catalog, { url: redis.url });
  await forgeEnd('examples/a', { returnvalue: '{"result":' }, 'completed');
  await forgeEnd('examples/b', { returnvalue: JSON.stringify('x'.repeat(65 * 1024 ** 2)) }, 'completed');
  await forgeEnd('examples/c', { progress: '0' }, 'completed');
  await forgeEnd('examples/d', { failedReason: 'x'.repeat(1024 ** 2) }, 'failed');
  const results = await sweeping;
  expect(codesOf(results)).toEqual([
    ['examples/a', 'failed', 'refused'],
    ['examples/b', 'failed', 'refused'],
    ['examples/c', 'failed', 'refused'],
    ['examples/d', 'failed', 'engine-refused'],
  ]);
  expect(results.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('it is no JSON'),
    expect.stringContaining('bytes, more than'),
    expect.stringContaining('it is empty'),
    'no worker could do it: it gives no reason',
  ]);
});

describe('a worker', () => {
  let top: TemporaryDirectory;
  beforeEach(async () => {
    top = await temporaryDirectory();
  });
  afterEach(() => top[Symbol.asyncDispose]());

  test('refuses forged jobs, touches nothing of its host, and continues with the next sweep', async () => {
    await using victim = await catalogOf(appAt('mine'));
    await using catalog = await catalogOf(appAt('a'));
    const before = await victim.read('examples/mine/Dockerfile');
    const job = { version: VERSION, sweep: 'x', pack: 'a'.repeat(64), state: null, entryTimeoutMs: 1000 };
    const options = { dryRun: false, redo: true, upgrade: false, askStages: false, search: null };
    const whole = { ...job, options: { ...options, placeholders: false, untrusted: false } };
    const forged: unknown[] = [
      null,
      {},
      'text',
      { ...whole, path: victim.path },
      { ...whole, path: `../../../../../../../../..${join(victim.path, 'examples/mine')}` },
      { ...whole, path: 'examples/mine', options: { ...whole.options, stateDirectory: victim.path } },
      { ...whole, path: 'examples/mine', entryTimeoutMs: 'soon' },
    ];
    const queue = new Queue(QUEUE, { connection: client });
    for (const [at, data] of forged.entries())
      await queue.add('entry', data, { jobId: `f${at}`, attempts: 3 });
    await using _ = startWorker(FAILS, redis.url);
    expect(codesOf(await sweepThrough(catalog, { url: redis.url }))).toEqual([
      ['examples/a', 'failed', 'build-failed'],
    ]);
    for (const at of forged.keys()) {
      const { failedReason, attemptsMade } = (await queue.getJob(`f${at}`)) ?? {};
      expect({ failedReason, attemptsMade }).toMatchObject({
        failedReason: expect.stringContaining('cannot use the job of a sweep'),
        attemptsMade: 1,
      });
    }
    await queue.close();
    expect(await readFile(join(victim.path, 'examples/mine/Dockerfile'), 'utf8')).toBe(before);
    expect(await victim.status()).toEqual([]);
  });
});
