import type { Readable } from 'node:stream';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chooseTracer, type Tracer } from '../../src/analysis/tracer.ts';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Engine, ImageId } from '../../src/engine/engine.ts';
import type { Trace } from '../../src/strace/read-trace.ts';
import { helperReference, SIDECAR_BUSYBOX, sidecarImage } from '../../src/workload/helper-images.ts';
import { docker } from '../support/docker.ts';
import { spoolPath } from '../support/rootfs.ts';

const LIMITS = { memoryBytes: 256 * 1024 ** 2, pids: 64 };

let engine: Engine;
beforeAll(async () => {
  engine = await connectEngine();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const newSpool = async () => spoolPath();

/** The same engine, without its helper images of that name: they are made under another, and forgotten. */
function without(name: string, made: string[]): Engine {
  return {
    ...engine,
    inspectImage: async (reference) =>
      reference === name ? undefined : await engine.inspectImage(reference),
    importImage: async (tar: Readable, reference) => {
      const other = reference.replace(':', '-of-a-test:');
      made.push(other);
      return await engine.importImage(tar, other);
    },
  };
}

async function tracerFrom(setting: string, over: Engine = { ...engine }): Promise<Tracer> {
  vi.stubEnv('KRAFT_SLIM_STRACE', setting);
  const { tracer, reason } = await chooseTracer(over, { newSpool });
  if (tracer === undefined) throw new Error(reason);
  return tracer;
}

async function traceOf(
  tracer: Tracer,
  image: ImageId,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Trace> {
  await using container = await engine.createContainer({
    image,
    ...tracer.around({ argv, env }),
    network: 'none',
    tracing: true,
    limits: LIMITS,
  });
  await container.putArchive(tracer.files(), '/');
  await container.start();
  await container.wait();
  return await tracer.collect(container);
}

const programOf = ({ processes }: Trace) => processes[0]?.programs[0]?.path;
const kindsOf = ({ touched }: Trace, path: string) => touched.find((one) => one.path === path)?.kinds;

describe.each(['', 'image'])('the tracer that KRAFT_SLIM_STRACE=%s names', (setting) => {
  test('traces a program of glibc', async () => {
    const debian = (await engine.inspectImage('debian:bookworm'))?.id as ImageId;
    const trace = await traceOf(await tracerFrom(setting), debian, ['/bin/ls', '/etc/apt']);
    expect(programOf(trace)).toBe('/bin/ls');
    expect(kindsOf(trace, '/etc/apt')).toEqual(expect.arrayContaining(['opened', 'listed']));
    expect(kindsOf(trace, '/usr/lib/x86_64-linux-gnu/libc.so.6')).toContain('mapped');
  });

  test('what the app preloads is loaded into the app alone', async () => {
    const debian = (await engine.inspectImage('debian:bookworm'))?.id as ImageId;
    const libm = '/usr/lib/x86_64-linux-gnu/libm.so.6';
    const env = { LD_PRELOAD: libm, LD_DEBUG: 'all' };
    const trace = await traceOf(await tracerFrom(setting), debian, ['/bin/ls', '/'], env);
    expect(programOf(trace)).toBe('/bin/ls');
    expect(kindsOf(trace, libm)).toContain('mapped');
  });

  test('traces a static program where there is no loader', async () => {
    const image = await sidecarImage(engine);
    const trace = await traceOf(await tracerFrom(setting), image, [SIDECAR_BUSYBOX, 'ls', '/bin']);
    expect(programOf(trace)).toBe(SIDECAR_BUSYBOX);
    expect(kindsOf(trace, '/bin')).toEqual(['stat', 'opened', 'listed']);
    expect(trace.log).toMatchObject({ unparsed: 0, truncated: false });
  });
});

describe('on a machine without strace and busybox', () => {
  test('both come out of images that are made once, with nothing else in them', async () => {
    const made: string[] = [];
    await tracerFrom('image', without(helperReference('tracer'), made));
    vi.stubEnv('KRAFT_SLIM_BUSYBOX', 'image');
    const sidecar = await sidecarImage(without(helperReference('sidecar'), made));
    try {
      const name = (helper: 'tracer' | 'sidecar') => helperReference(helper).replace(':', '-of-a-test:');
      expect(made).toEqual([name('tracer'), name('sidecar')]);
      const sizes = await Promise.all(
        made.map((name) => docker(['image', 'inspect', '-f', '{{.Size}}', name])),
      );
      for (const size of sizes) expect(Number(size)).toBeLessThan(20_000_000);
      await using container = await engine.createContainer({
        image: sidecar,
        argv: [SIDECAR_BUSYBOX, 'nc', '--help'],
        env: {},
        network: 'none',
        limits: LIMITS,
      });
      await container.start();
      expect((await container.wait()).exitCode).toBe(0);
    } finally {
      for (const name of made) await docker(['image', 'rm', name]);
    }
  });

  test('and without a network nothing is traced, and each reason is reported', async () => {
    const offline: Engine = {
      ...without(helperReference('tracer'), []),
      architecture: 'riscv64',
      build: () => Promise.reject(new Error('the network is unreachable')),
    };
    vi.stubEnv('KRAFT_SLIM_STRACE', '');
    const { tracer, reason } = await chooseTracer(offline, { newSpool });
    expect(tracer).toBeUndefined();
    expect(reason).toMatch(/is not a program for the engine's riscv64; the network is unreachable$/);
  });
});

test('a strace that is named and cannot be used is reported, and no other strace is used', async () => {
  await expect(tracerFrom('/etc/passwd')).rejects.toThrow(
    "cannot use strace: /etc/passwd is not a program for the engine's amd64",
  );
});
