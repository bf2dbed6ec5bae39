import { expect, test } from 'vitest';
import { createContainer } from '../../src/engine/container.ts';
import type { ContainerSpec, ImageId } from '../../src/engine/engine.ts';
import { fakeEngine, sendJson } from './fake-engine.ts';

/** What the engine is asked to create. */
async function created(
  network: ContainerSpec['network'],
  rest: Partial<ContainerSpec> = {},
): Promise<Record<string, unknown>> {
  const bodies: string[] = [];
  await using engine = await fakeEngine(async (request, response) => {
    for await (const chunk of request.setEncoding('utf8')) bodies.push(chunk);
    sendJson(response, { Id: 'c' }, 201);
  });
  const limits = { memoryBytes: 2 ** 20, pids: 2 };
  const image = 'sha256:0' as ImageId;
  await createContainer(engine.docker, { image, argv: ['/app'], env: {}, network, limits, ...rest }, {});
  return JSON.parse(bodies.join(''));
}

test.each<ContainerSpec['network']>(['none', 'bridge'])(
  'every container on %s has the same name',
  async (network) => {
    expect((await created(network)).Hostname).toBe('kraft-slim');
  },
);

test('a container that shares another container’s network has no separate name', async () => {
  expect(await created('container:c')).not.toHaveProperty('Hostname');
});

test('no container may gain rights', async () => {
  expect((await created('none')).HostConfig).toMatchObject({ SecurityOpt: ['no-new-privileges'] });
});

test('a container may trace where a tracer runs in it, and has no other privilege', async () => {
  expect((await created('none')).HostConfig).toMatchObject({ CapAdd: [] });
  expect((await created('none', { tracing: true })).HostConfig).toMatchObject({ CapAdd: ['SYS_PTRACE'] });
});

test('the engine keeps no log of what an app prints: it would fill the disk of the host', async () => {
  expect((await created('none')).HostConfig).toMatchObject({ LogConfig: { Type: 'none' } });
});

test('the standard input is open where the program takes one, until what is sent ends', async () => {
  expect(await created('none', { takesInput: true })).toMatchObject({ OpenStdin: true, StdinOnce: true });
  expect(await created('none', { takesInput: false })).not.toHaveProperty('OpenStdin');
});

test('a network has the kernel parameters that are asked for', async () => {
  const sysctls = { 'net.ipv4.tcp_max_tw_buckets': '0' };
  expect((await created('none', { sysctls })).HostConfig).toMatchObject({ Sysctls: sysctls });
});

test('a container has limits for memory, processes and the size of a file', async () => {
  const limits = { memoryBytes: 1000, pids: 3, diskBytes: 10 };
  expect((await created('none', { limits })).HostConfig).toMatchObject({
    Memory: 1000,
    MemorySwap: 1000,
    PidsLimit: 3,
    Ulimits: [{ Name: 'fsize', Soft: 40, Hard: 40 }],
  });
});

test('a helper can look at the volumes of another container, and write none of them', async () => {
  expect((await created('none', { volumesFrom: 'c' })).HostConfig).toMatchObject({ VolumesFrom: ['c:ro'] });
});
