import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { buildImage } from '../../src/engine/build-image.ts';
import type { BuildRequest } from '../../src/engine/engine.ts';
import { stoppableBuild } from '../../src/engine/stop-build.ts';
import { fakeEngine, sendJson } from './fake-engine.ts';

const IMAGE = `sha256:${'0'.repeat(64)}`;
const REQUEST: BuildRequest = {
  context: () => Readable.from(['x']),
  dockerfile: 'Dockerfile',
  buildArgs: {},
  network: 'default',
};

test('a stopped build is awaited, and its image is removed although no caller got it', async () => {
  const interrupt = new AbortController();
  let build: ServerResponse | undefined;
  const labels: string[] = [];
  await using engine = await fakeEngine((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://engine');
    if (pathname === '/build') {
      build = response;
      response.writeHead(200).write('{}\n');
      labels.push(
        ...Object.entries(JSON.parse(searchParams.get('labels') ?? '{}')).map((pair) => pair.join('=')),
      );
      interrupt.abort(new Error('interrupted'));
    } else if (pathname === '/build/cancel') {
      response.writeHead(204).end();
      build?.end(JSON.stringify({ error: 'context canceled' }));
    } else if (pathname === '/images/json') {
      const { label } = JSON.parse(searchParams.get('filters') ?? '{}');
      sendJson(response, labels.includes(label[0]) ? [{ Id: IMAGE }] : []);
    } else response.writeHead(200).end('[]');
  });
  const request = { ...REQUEST, signal: interrupt.signal };
  await expect(buildImage(engine.docker, request, {})).rejects.toThrow('interrupted');
  expect(engine.asked).toEqual([
    'POST /build',
    'POST /build/cancel',
    'GET /images/json',
    `DELETE /images/${IMAGE}`,
  ]);
});

test('a build that does not end on request is cut off', async () => {
  await using engine = await fakeEngine((_, response) => response.writeHead(204).end());
  const interrupt = new AbortController();
  using build = stoppableBuild(engine.docker, 'build', interrupt.signal, { patienceMs: 2_000 });
  expect(engine.asked).toEqual([]);
  interrupt.abort('interrupted');
  expect(build.cut.aborted).toBe(false);
  await vi.waitFor(() => expect(build.cut.reason).toBe('interrupted'), { timeout: 60_000 });
  // again and again, as often as the machine's speed allows
  expect(engine.asked.length).toBeGreaterThan(1);
  expect(new Set(engine.asked)).toEqual(new Set(['POST /build/cancel']));
});

test('a context that fails while it is sent fails the build, with its own error', async () => {
  await using engine = await fakeEngine((request, response) => {
    if (request.method === 'POST') request.resume();
    else sendJson(response, []);
  });
  const context = () =>
    Readable.from(
      (async function* () {
        yield Buffer.alloc(512);
        await vi.waitFor(() => expect(engine.asked).toContain('POST /build'));
        throw new Error('ENOENT: a file has vanished');
      })(),
    );
  await expect(buildImage(engine.docker, { ...REQUEST, context }, {})).rejects.toThrow('a file has vanished');
});
