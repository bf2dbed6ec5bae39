import { expect, test } from 'vitest';
import type { Container, ContainerSpec, Engine } from '../../src/engine/engine.ts';
import { removingLate } from '../../src/engine/late-removal.ts';

/** An engine that removes a container on request, and what happened in it. */
function slowEngine() {
  const log: string[] = [];
  const removals: PromiseWithResolvers[] = [];
  const createContainer = async ({ env: { NAME } }: ContainerSpec) => {
    const container: Partial<Container> = {
      start: async () => void log.push(`start ${NAME}`),
      async [Symbol.asyncDispose]() {
        await new Promise<void>((resolve, reject) => removals.push({ resolve, reject }));
        log.push(`removed ${NAME}`);
      },
    };
    return container as Container;
  };
  return { engine: { createContainer } as Partial<Engine> as Engine, log, removals };
}

type PromiseWithResolvers = { resolve: () => void; reject: (error: Error) => void };

const spec = (name: string) => ({ env: { NAME: name } }) as unknown as ContainerSpec;
const later = () => new Promise((resolve) => setImmediate(resolve));

test('only the next start and the end wait for a removal', async () => {
  const { engine, log, removals } = slowEngine();
  const late = removingLate(engine);
  const first = await late.createContainer(spec('a'));
  const second = await late.createContainer(spec('b'));
  await first.start();
  await first[Symbol.asyncDispose]();
  const [starting, again] = [second.start(), second.start()];
  await later();
  expect(log).toEqual(['start a']);
  removals[0]?.resolve();
  await Promise.all([starting, again]);
  expect(log).toEqual(['start a', 'removed a', 'start b', 'start b']);

  await second[Symbol.asyncDispose]();
  const end = late[Symbol.asyncDispose]().then(() => log.push('end'));
  await later();
  expect(log).toHaveLength(4);
  removals[1]?.resolve();
  await end;
  expect(log.slice(4)).toEqual(['removed b', 'end']);
});

test('a removal that fails is reported at the end, after the others', async () => {
  const { engine, log, removals } = slowEngine();
  const late = removingLate(engine);
  for (const name of ['a', 'b']) await (await late.createContainer(spec(name)))[Symbol.asyncDispose]();
  const end = late[Symbol.asyncDispose]();
  removals[0]?.reject(new Error('busy'));
  await later();
  removals[1]?.resolve();
  await expect(end).rejects.toThrow('busy');
  expect(log).toEqual(['removed b']);
});
