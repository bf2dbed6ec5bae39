import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { buildImage } from '../../src/engine/build-image.ts';
import type { BuildRequest } from '../../src/engine/engine.ts';
import { fakeEngine } from './fake-engine.ts';

const IMAGE = `sha256:${'0'.repeat(64)}`;
const REQUEST: BuildRequest = {
  context: () => Readable.from(['x']),
  dockerfile: 'Dockerfile',
  buildArgs: {},
  network: 'default',
};

test('an image that was finished before an abort is removed', async () => {
  const interrupt = new AbortController();
  await using engine = await fakeEngine((request, response) => {
    if (request.method === 'DELETE') return response.writeHead(200).end('[]');
    response.writeHead(200).write(`${JSON.stringify({ id: 'moby.image.id', aux: { ID: IMAGE } })}\n`);
    setTimeout(() => interrupt.abort(new Error('interrupted')), 100);
  });
  const request = { ...REQUEST, signal: interrupt.signal };
  await expect(buildImage(engine.docker, request, {})).rejects.toThrow('interrupted');
  expect(engine.asked).toEqual(['POST /build', `DELETE /images/${IMAGE}`]);
});

test('a context that fails while it is sent fails the build, with its own error', async () => {
  await using engine = await fakeEngine((request) => request.resume());
  const context = () =>
    Readable.from(
      (async function* () {
        yield Buffer.alloc(512);
        await vi.waitFor(() => expect(engine.asked).toEqual(['POST /build']));
        throw new Error('ENOENT: a file has vanished');
      })(),
    );
  await expect(buildImage(engine.docker, { ...REQUEST, context }, {})).rejects.toThrow('a file has vanished');
});
