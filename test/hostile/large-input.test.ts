import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readBuildContext } from '../../src/dockerfile/build-context.ts';
import type { Container, Engine } from '../../src/engine/engine.ts';
import { append } from '../../src/shared/append.ts';
import { deriveWorkload } from '../../src/workload/discover.ts';
import { LISTEN, portsIn, type Sidecar } from '../../src/workload/sidecar.ts';
import { samples } from '../support/samples.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Failing opens of an app that looks for a file without end. */
const OPENS = samples({ ci: 30_000, soak: 900_000 });

/** Reads a trace in a separate process, whose heap is bounded. */
async function traceOf({ names }: { names: number }): Promise<unknown> {
  const words = ['--max-old-space-size=300', join(import.meta.dirname, 'read-trace.mjs')];
  const { stdout } = await promisify(execFile)(process.execPath, [...words, String(OPENS), String(names)]);
  return JSON.parse(stdout);
}

describe('a trace of many failing opens of long names is read in a bounded heap', () => {
  test('and ends in limit-exceeded where each name is another', async () => {
    expect(await traceOf({ names: OPENS })).toEqual({
      code: 'limit-exceeded',
      message: expect.stringContaining('67,108,864 bytes'),
    });
  });

  test('and is read to its end where the names come again', async () => {
    expect(await traceOf({ names: 100 })).toEqual({ failed: 100, count: OPENS });
  });
});

test('an app that listens on 65,000 ports ends in limit-exceeded, and none of them is asked', async () => {
  const rows = Array.from({ length: 65_000 }, (_, at) => `0: 00000000:${(at + 1).toString(16)} 0:0 0A`);
  const ports = portsIn(rows.join('\n'), LISTEN);
  expect(ports.size).toBe(65_000);
  let asked = 0;
  const sidecar: Sidecar = {
    network: 'none',
    expect: () => undefined,
    async connect() {
      asked += 1;
      return new PassThrough();
    },
    line: () => Promise.reject(new Error('there is no line')),
    listening: async () => ports,
    bound: async () => new Set<number>(),
    isVacant: async () => true,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const container: Partial<Container> = {
    attach: async () => ({ ended: new Promise(() => undefined) }),
    start: async () => undefined,
    wait: () => new Promise(() => undefined),
    writtenBytes: async () => 0,
    volumes: async () => [],
    [Symbol.asyncDispose]: async () => undefined,
  };
  const engine = { createContainer: async () => container } as unknown as Engine;
  const request = { image: 'sha256:a' as never, argv: ['/a'], env: {}, signal: AbortSignal.timeout(60_000) };
  await expect(deriveWorkload(engine, { ...request, ports: [] }, async () => sidecar)).rejects.toMatchObject({
    code: 'limit-exceeded',
    message: 'cannot test the app: it listens on more than 64 ports',
  });
  expect(asked).toBe(0);
});

test('a list of 250,000 items is appended to another', () => {
  const list = [0];
  append(list, new Array(250_000).fill(1));
  expect(list).toHaveLength(250_001);
});

test('a build context of very many files in one directory is read', async () => {
  await using directory = await temporaryDirectory();
  const count = samples({ ci: 5000, soak: 126_000 });
  for (let at = 0; at < count; at += 1000) {
    const names = Array.from({ length: 1000 }, (_, more) => join(directory.path, `f${at + more}`));
    await Promise.all(names.map((name) => writeFile(name, '')));
  }
  await writeFile(join(directory.path, 'Dockerfile'), 'FROM a\n');
  const { entries } = await readBuildContext({
    directory: directory.path,
    dockerfile: join(directory.path, 'Dockerfile'),
  });
  expect(entries).toHaveLength(count + 1);
});
