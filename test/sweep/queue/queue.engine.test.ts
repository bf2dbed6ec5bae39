import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/engine/engine.ts';
import type { SweepEvent } from '../../../src/sweep/event.ts';
import { QUEUE } from '../../../src/sweep/queue/protocol.ts';
import { type Catalog, catalogOf, type Files } from '../../support/catalog.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { selfSigned } from '../../support/self-signed.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { codesOf, engineOf, FAILS, type SweepOver, startWorker, sweepThrough } from './over-redis.ts';

const KRAFTFILE = 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/a"]\n';
const appAt = (name: string): Files => ({
  [`examples/${name}/Kraftfile`]: KRAFTFILE,
  [`examples/${name}/Dockerfile`]: `FROM debian:bookworm\nRUN echo ${name}\n`,
});
const FILES = { ...appAt('a'), ...appAt('b'), 'native/c/Kraftfile': 'spec: v0.6\n' };

let redis: RedisServer;
beforeEach(async () => {
  redis = await startRedis();
});
afterEach(() => redis[Symbol.asyncDispose]());

const workerWith = (engine: Engine, url = redis.url) => startWorker(engine, url);
const sweepOver = (catalog: Catalog, how: Partial<SweepOver> = {}) =>
  sweepThrough(catalog, { url: redis.url, ...how });

describe('over a queue', () => {
  test('what a worker found of an entry comes back, with its steps; what needs no engine goes no way', async () => {
    await using catalog = await catalogOf(FILES);
    await using worker = workerWith(FAILS);
    const events: SweepEvent[] = [];
    const results = await sweepOver(catalog, { on: (event) => void events.push(event) });
    expect(codesOf(results)).toEqual([
      ['examples/a', 'failed', 'build-failed'],
      ['examples/b', 'failed', 'build-failed'],
      ['native/c', 'skipped', 'no-dockerfile'],
    ]);
    expect(results[0]?.reason).toContain('it failed');
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'step', entry: 'examples/a', step: 'build' }),
    );
    expect(worker.events.filter(({ type }) => type === 'entry-started')).toHaveLength(2);
  });

  test('nothing is left on the server when a sweep is over', async () => {
    await using catalog = await catalogOf(FILES);
    await using _ = workerWith(FAILS);
    await sweepOver(catalog);
    const client = new Redis(redis.url);
    const keys = await client.keys('*');
    client.disconnect();
    expect(keys.filter((key) => !/:(id|events|meta|stalled-check|marker)$/.test(key))).toEqual([]);
  });

  test('an entry that only the worker failed at is tried again, and then ends in failed', async () => {
    await using catalog = await catalogOf(appAt('a'));
    let builds = 0;
    await using _ = workerWith(
      engineOf(async () => {
        builds += 1;
        throw new Error('the engine has gone');
      }),
    );
    const results = await sweepOver(catalog);
    expect(builds).toBe(3);
    expect(codesOf(results)).toEqual([['examples/a', 'failed', 'internal']]);
    expect(results[0]?.reason).toContain('the engine has gone');
  });

  test('an entry whose files are gone ends in failed, and the others as they would have', async () => {
    await using catalog = await catalogOf({ ...appAt('a'), ...appAt('b') });
    const sweeping = sweepOver(catalog);
    const client = new Redis(redis.url);
    const queue = new Queue(QUEUE, { connection: client });
    let jobs = await queue.getJobs();
    while (jobs.length < 2) jobs = await queue.getJobs();
    const poison = jobs.find(({ data }) => data.path === 'examples/a');
    await client.del(`${QUEUE}:pack:${poison?.data.pack}`);
    await using _ = workerWith(FAILS);
    expect(codesOf(await sweeping)).toEqual([
      ['examples/a', 'failed', 'engine-refused'],
      ['examples/b', 'failed', 'build-failed'],
    ]);
    await queue.close();
    client.disconnect();
  });

  test('a worker of another version leaves the job to others, and says why it goes', async () => {
    await using catalog = await catalogOf(appAt('a'));
    const client = new Redis(redis.url);
    const queue = new Queue(QUEUE, { connection: client });
    await queue.add(
      'entry',
      { version: '0.0.1', sweep: 'x', path: 'examples/a', pack: 'x' },
      { jobId: 'old', attempts: 3 },
    );
    await using worker = workerWith(FAILS);
    await expect(worker.ended).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('the sweep is kraft-slim 0.0.1, this worker'),
    });
    expect(await queue.getJobState('old')).toBe('waiting');
    await queue.remove('old');
    await queue.close();
    client.disconnect();
    await using _ = workerWith(FAILS);
    expect(codesOf(await sweepOver(catalog))).toEqual([['examples/a', 'failed', 'build-failed']]);
  });

  test('a sweep that is cancelled stops its workers, and leaves no job', async () => {
    await using catalog = await catalogOf({ ...appAt('a'), ...appAt('b'), ...appAt('c') });
    const stopped: unknown[] = [];
    await using _ = workerWith(
      engineOf(
        ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => {
              stopped.push(signal.reason);
              reject(signal.reason);
            });
          }),
      ),
    );
    const cancel = new AbortController();
    const results = await sweepOver(catalog, {
      signal: cancel.signal,
      on: (event) => {
        if (event.type === 'step') cancel.abort(new Error('interrupted'));
      },
    });
    expect(results.every(({ code }) => code === 'interrupted')).toBe(true);
    const client = new Redis(redis.url);
    const queue = new Queue(QUEUE, { connection: client });
    while ((await queue.getJobCounts('active')).active !== 0)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stopped.length).toBeGreaterThan(0);
    expect(await queue.getJobCounts('waiting', 'delayed', 'active')).toEqual({
      waiting: 0,
      delayed: 0,
      active: 0,
    });
    await queue.close();
    client.disconnect();
  });

  test('a server that is killed and comes back empty is asked again', async () => {
    await using catalog = await catalogOf({ ...appAt('a'), ...appAt('b') });
    const notices: string[] = [];
    const sweeping = sweepOver(catalog, {
      on: (event) => {
        if (event.type === 'notice') notices.push(event.message);
      },
    });
    const client = new Redis(redis.url);
    const queue = new Queue(QUEUE, { connection: client });
    client.on('error', () => undefined);
    queue.on('error', () => undefined);
    while ((await queue.getJobCounts('waiting')).waiting !== 2)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await queue.close();
    client.disconnect();
    await redis.restart();
    await using _ = workerWith(FAILS);
    expect(codesOf(await sweeping)).toEqual([
      ['examples/a', 'failed', 'build-failed'],
      ['examples/b', 'failed', 'build-failed'],
    ]);
    expect(notices).toContain('the queue has lost examples/a: sending it again');
  });
});

describe('a queue is reached', () => {
  test('by TLS and with a password, both by its URL', async () => {
    await using top = await temporaryDirectory();
    const { key, cert } = selfSigned();
    const tls = { key: join(top.path, 'key.pem'), cert: join(top.path, 'cert.pem') };
    await writeFile(tls.key, key);
    await writeFile(tls.cert, cert);
    await using secure = await startRedis({ password: 's3cret', tls });
    expect(await readFile(tls.cert, 'utf8')).toContain('BEGIN CERTIFICATE');
    await using catalog = await catalogOf(appAt('a'));
    const trusted = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    // a separate certificate: the machine decides whom to trust
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      await using _ = workerWith(FAILS, secure.url);
      expect(codesOf(await sweepOver(catalog, { url: secure.url }))).toEqual([
        ['examples/a', 'failed', 'build-failed'],
      ]);
    } finally {
      if (trusted === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = trusted;
    }
  });

  test.each([
    ['http://127.0.0.1', 'cannot read the URL of the queue'],
    ['127.0.0.1:6379', 'cannot read the URL of the queue'],
    ['redis://:s3cret@127.0.0.1:1', 'cannot reach the queue at redis://127.0.0.1:1'],
  ])('not by %s, and no password is shown', async (url, message) => {
    await using catalog = await catalogOf(appAt('a'));
    const refused = sweepOver(catalog, { url });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.not.toThrow('s3cret');
  });

  test('not with a wrong password', async () => {
    await using closed = await startRedis({ password: 's3cret' });
    await using catalog = await catalogOf(appAt('a'));
    await expect(sweepOver(catalog, { url: closed.url.replace('s3cret', 'wrong') })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
