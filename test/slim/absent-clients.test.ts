import { describe, expect, test } from 'vitest';
import type { ImageId } from '../../src/engine/engine.ts';
import { reachable } from '../../src/slim/baseline/absent-clients.ts';
import type { ClientProbe, Probe } from '../../src/workload/probe.ts';
import { USUAL, type Workload } from '../../src/workload/workload.ts';

const client = (...command: string[]): ClientProbe => ({
  kind: 'client',
  command,
  image: null,
  env: {},
  input: null,
  expect: null,
  expectExitCode: null,
});
const PING = client('redis-cli', '-h', '127.0.0.1', 'PING');
const SELECT = client('mysql', '-e', 'SELECT 1');
const TCP: Probe = { kind: 'tcp', port: 6379, send: 'PING\r\n', expect: '+PONG' };

const workloadOf = (...probes: Probe[]): Workload => ({ ...USUAL, source: 'readme', ports: [6379], probes });
const IMAGES: Readonly<Record<string, string>> = { 'redis-cli': 'sha256:a' };
const some = async (program: string) => (IMAGES[program] ?? null) as ImageId | null;
const nowhere = async () => null;

describe('a client that the full image lacks', () => {
  test('runs in the image that has it', async () => {
    const { workload, left } = await reachable(workloadOf(TCP, PING), new Set([PING]), some);
    expect(workload.probes).toEqual([TCP, { ...PING, image: 'sha256:a' }]);
    expect(left).toEqual([]);
  });

  test('is spoken for where it is redis-cli and no image has it', async () => {
    const { workload } = await reachable(workloadOf(PING), new Set([PING]), nowhere);
    expect(workload).toMatchObject({ source: 'readme', probes: [{ ...PING, speaks: 'redis' }] });
  });

  test('is left out where nothing has it, and the others stay', async () => {
    const { workload, left } = await reachable(workloadOf(SELECT, TCP), new Set([SELECT]), nowhere);
    expect(workload).toMatchObject({ source: 'readme', probes: [TCP] });
    expect(left).toEqual([SELECT]);
  });

  test('leaves a connection to each port where no other probe is left', async () => {
    const { workload } = await reachable(workloadOf(SELECT), new Set([SELECT]), nowhere);
    expect(workload).toMatchObject({
      source: 'derived',
      probes: [{ kind: 'tcp', port: 6379, send: '', expect: null }],
    });
  });

  test('leaves those alone that the full image has', async () => {
    const { workload } = await reachable(workloadOf(PING, SELECT), new Set([SELECT]), nowhere);
    expect(workload.probes).toEqual([PING]);
  });
});
