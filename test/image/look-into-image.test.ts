import { expect, test } from 'vitest';
import type { Container, Engine, ImageId } from '../../src/engine/engine.ts';
import { EngineRefusal } from '../../src/engine/engine-fault.ts';
import { listImage } from '../../src/image/look-into-image.ts';

const refusal = () =>
  new EngineRefusal(
    'POST /containers/start',
    Object.assign(new Error('exec format error'), { statusCode: 400 }),
  );

/** Lists an image in an engine that fails at one request, and whether its container was removed. */
async function listWith(failing: Partial<Container>) {
  let removed = false;
  const container = {
    putArchive: async () => undefined,
    converse: async () => {
      const { PassThrough } = await import('node:stream');
      return new PassThrough();
    },
    start: async () => undefined,
    [Symbol.asyncDispose]: async () => {
      removed = true;
    },
    ...failing,
  } as unknown as Container;
  const engine = { createContainer: async () => container } as unknown as Engine;
  const listing = listImage(engine, {
    image: { id: 'sha256:a' as ImageId },
    busybox: async () => new Uint8Array(1),
    signal: new AbortController().signal,
  });
  const outcome = await listing.then(
    (files) => ({ files }),
    (error: Error) => ({ error: error.message }),
  );
  return { ...outcome, removed };
}

test('an image in which no busybox starts has no listing', async () => {
  const start = async () => {
    throw refusal();
  };
  expect(await listWith({ start })).toEqual({ files: undefined, removed: true });
});

test.each(['putArchive', 'converse', 'start'] as const)(
  'a fault of the engine in %s is no missing listing',
  async (name) => {
    const fail = async () => {
      throw new Error('the engine went away');
    };
    expect(await listWith({ [name]: fail })).toEqual({ error: 'the engine went away', removed: true });
  },
);
