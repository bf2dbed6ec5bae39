import { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Container, ContainerSpec, Engine, ImageConfig } from '../../src/engine/engine.ts';
import { networkPool } from '../../src/workload/network-pool.ts';

const LISTENING = '0: 0100007F:0050 00000000:0000 0A';
const ENDED = '0: 0100007F:0050 0100007F:9C40 06';

type Sidecar = { name: string; ended: () => void };

/** An engine whose sidecars show a table, with what it did. */
function engineOf(table: () => string, refuses: (spec: ContainerSpec) => string | null = () => null) {
  const log: string[] = [];
  const sidecars: Sidecar[] = [];
  const createContainer = async (spec: ContainerSpec) => {
    const name = `${spec.network} ${sidecars.length}`;
    const stream = new Duplex({
      read: () => undefined,
      write(_chunk, _encoding, done) {
        this.push(`${table()}\n.\n`);
        done();
      },
    });
    sidecars.push({ name, ended: () => stream.push(null) });
    const container: Partial<Container> = {
      id: name,
      converse: async () => stream,
      async start() {
        const refusal = refuses(spec);
        if (refusal !== null) throw new Error(refusal);
        log.push(`start ${name}`);
      },
      [Symbol.asyncDispose]: async () => void log.push(`remove ${name}`),
    };
    return container as Container;
  };
  const inspectImage = async () => ({ id: 'sidecar' }) as unknown as ImageConfig;
  return { engine: { createContainer, inspectImage } as Partial<Engine> as Engine, log, sidecars };
}

describe('a network', () => {
  test('is used again when it was given back, by one at a time and for its own kind', async () => {
    const { engine, log } = engineOf(() => LISTENING);
    {
      await using networks = networkPool();
      const first = await networks.take(engine, 'none');
      const second = await networks.take(engine, 'none');
      expect([first.network, second.network]).toEqual(['container:none 0', 'container:none 1']);
      await first[Symbol.asyncDispose]();
      const bridge = await networks.take(engine, 'bridge');
      const third = await networks.take(engine, 'none');
      expect([bridge.network, third.network]).toEqual(['container:bridge 2', 'container:none 0']);
      for (const taken of [second, bridge, third]) await taken[Symbol.asyncDispose]();
      expect(log).toEqual(['start none 0', 'start none 1', 'start bridge 2']);
    }
    expect(log.slice(3).sort()).toEqual(['remove bridge 2', 'remove none 0', 'remove none 1']);
  });

  test.each([
    ['a connection of an earlier app is left in it', () => ENDED, () => undefined],
    ['its sidecar has ended', () => LISTENING, (sidecar: Sidecar | undefined) => sidecar?.ended()],
  ])('is not used again where %s', async (_, table, then) => {
    const { engine, log, sidecars } = engineOf(table);
    await using networks = networkPool();
    await using first = await networks.take(engine, 'none');
    await first[Symbol.asyncDispose]();
    then(sidecars[0]);
    await using second = await networks.take(engine, 'none');
    expect(second.network).toBe('container:none 1');
    expect(log).toEqual(['start none 0', 'remove none 0', 'start none 1']);
  });

  test('serves once where a kernel cannot forget the connections of one network', async () => {
    const old = 'open /proc/sys/net/ipv4/tcp_max_tw_buckets: no such file or directory';
    const { engine, log } = engineOf(
      () => LISTENING,
      ({ sysctls = {} }) => (Object.keys(sysctls).length > 0 ? old : null),
    );
    await using networks = networkPool();
    const first = await networks.take(engine, 'none');
    await first[Symbol.asyncDispose]();
    const second = await networks.take(engine, 'none');
    await second[Symbol.asyncDispose]();
    expect(log.filter((line) => line.startsWith('start'))).toEqual(['start none 1', 'start none 3']);
    expect(log).toContain('remove none 1');
  });

  test('that cannot be made for another reason is asked for once', async () => {
    const { engine, sidecars } = engineOf(
      () => LISTENING,
      () => 'out of pids',
    );
    await using networks = networkPool();
    await expect(networks.take(engine, 'none')).rejects.toThrow('out of pids');
    expect(sidecars).toHaveLength(1);
  });
});
