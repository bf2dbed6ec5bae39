import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import type { Container, ContainerSpec, Engine, ImageConfig } from '../../src/engine/engine.ts';
import { meterOf } from '../../src/workload/volume-meter.ts';

/** An engine whose helper answers each line with these lines, or ends at null, with the specs of its containers. */
function engineOf(answer: readonly string[] | null) {
  const specs: ContainerSpec[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      stream.push(answer === null ? null : answer.map((line) => `${line}\n`).join(''));
      done();
    },
  });
  const helper: Partial<Container> = {
    converse: async () => stream,
    start: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const engine: Partial<Engine> = {
    inspectImage: async () => ({ id: 'sidecar' }) as unknown as ImageConfig,
    createContainer: async (spec) => {
      specs.push(spec);
      return helper as Container;
    },
  };
  return { engine: engine as Engine, specs };
}

const withVolumes = (...volumes: string[]) =>
  ({ id: 'app', volumes: async () => volumes }) as Partial<Container> as Container;

test('what lies in all volumes adds up, and no helper has more than a look at them', async () => {
  const { engine, specs } = engineOf(['3', '5', '.']);
  await using meter = await meterOf(engine, withVolumes('/data', '/$(id)\n'));
  expect(await meter.bytes()).toBe(8 * 1024);
  expect(await meter.bytes()).toBe(8 * 1024);
  expect(specs[0]).toMatchObject({ network: 'none', volumesFrom: 'app' });
  expect(specs[0]?.argv.slice(-2)).toEqual(['/data', '/$(id)\n']);
});

test('a container without volumes gets no helper', async () => {
  const { engine, specs } = engineOf([]);
  await using meter = await meterOf(engine, withVolumes());
  expect(await meter.bytes()).toBe(0);
  expect(specs).toEqual([]);
});

test('a volume within another counts once', async () => {
  const { engine, specs } = engineOf(['1', '.']);
  await using _ = await meterOf(engine, withVolumes('/data', '/data/below', '/database'));
  expect(specs[0]?.argv.slice(-2)).toEqual(['/data', '/database']);
});

test('an app that ends its meter has no endless disk', async () => {
  const { engine } = engineOf(null);
  await using meter = await meterOf(engine, withVolumes('/data'));
  expect(await meter.bytes()).toBe(Number.POSITIVE_INFINITY);
});
