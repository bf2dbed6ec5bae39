import { describe, expect, test } from 'vitest';
import { withDefaults } from '../../src/config/config-schema.ts';
import { workloadFromConfig } from '../../src/workload/from-config.ts';
import { workloadFromReadme } from '../../src/workload/from-readme.ts';
import { DEFAULT_LIMITS } from '../../src/workload/workload.ts';

type Given = NonNullable<Parameters<typeof withDefaults>[0]['workload']>;

const README = workloadFromReadme('```\nkraft run -p 8080:80 -M 1G .\ncurl localhost:8080\n```\n');
const workloadOf = (given: Given) => workloadFromConfig(withDefaults({ workload: given }).workload, README);

test('settings that say nothing leave a workload as it is', () => {
  expect(workloadOf({})).toEqual(README);
});

test('each setting wins separately', () => {
  expect(
    workloadOf({
      ready: { line: 'Ready' },
      services: [{ command: ['/db'] }],
      limits: { readySeconds: 1.5, memory: '512M' },
      runs: 3,
      network: 'bridge',
    }),
  ).toEqual({
    ...README,
    readyLine: 'Ready',
    services: [{ command: ['/db'], image: null, env: {}, ports: [] }],
    limits: { ...DEFAULT_LIMITS, readyMs: 1500, memoryBytes: 512e6 },
    runs: 3,
    network: 'bridge',
  });
  expect(workloadOf({ limits: { probeSeconds: 2, pids: 5, memory: 1000, disk: '2Ki' } }).limits).toEqual({
    readyMs: DEFAULT_LIMITS.readyMs,
    probeMs: 2000,
    diskBytes: 2048,
    memoryBytes: 1000,
    pids: 5,
  });
});

test('arguments make the output that the README shows another command line’s', () => {
  const once = workloadFromReadme('```\nkraft run .\n```\n\n```\nHello\n```\n');
  const given = withDefaults({ workload: { arguments: ['--version'] } }).workload;
  expect(once.probes).toMatchObject([{ kind: 'output', expect: 'Hello' }]);
  expect(workloadFromConfig(given, once).probes).toMatchObject([{ kind: 'output', expect: null }]);
  expect(workloadFromConfig(given, README).probes).toEqual(README.probes);
});

describe('the probes', () => {
  test("take the place of the README's, with what is usual where nothing is said", () => {
    const { source, probes } = workloadOf({
      probes: [
        { kind: 'http', port: 80 },
        { kind: 'tcp', port: 7 },
        { kind: 'client', command: ['ping'] },
        { kind: 'file', path: '/log' },
      ],
    });
    expect(source).toBe('config');
    expect(probes).toEqual([
      {
        kind: 'http',
        port: 80,
        tls: false,
        method: 'GET',
        path: '/',
        headers: {},
        body: null,
        expectStatus: null,
        expect: null,
        showsHead: false,
        follows: false,
      },
      { kind: 'tcp', port: 7, send: '', expect: null },
      {
        kind: 'client',
        command: ['ping'],
        image: null,
        env: {},
        input: null,
        expect: null,
        expectExitCode: null,
      },
      { kind: 'file', path: '/log', expect: null },
    ]);
  });

  test('are as they are given', () => {
    const { probes } = workloadOf({
      probes: [
        {
          kind: 'http',
          port: 80,
          path: '/a',
          method: 'POST',
          headers: { 'X-A': 'b' },
          body: 'c',
          tls: true,
          follow: true,
          status: 201,
          expect: 'd',
        },
        { kind: 'tcp', port: 7, send: 'a', expect: 'b' },
        {
          kind: 'client',
          command: ['a'],
          image: 'b',
          env: { C: 'd' },
          input: 'e',
          exitCode: 1,
          expect: 'f',
        },
        { kind: 'file', path: '/a', expect: 'b' },
        { kind: 'output', exitCode: 3, expect: 'a' },
      ],
    });
    expect(probes).toMatchObject([
      {
        headers: { 'x-a': 'b' },
        body: 'c',
        tls: true,
        follows: true,
        expectStatus: 201,
        expect: 'd',
        method: 'POST',
      },
      { send: 'a', expect: 'b' },
      { image: 'b', env: { C: 'd' }, input: 'e', expectExitCode: 1, expect: 'f' },
      { expect: 'b' },
      { kind: 'output', ends: true, expectExitCode: 3, expect: 'a' },
    ]);
  });
});

describe('the ports that must listen', () => {
  test.each<[string, Given, number[]]>([
    ['are those that are named', { ready: { ports: [9] }, probes: [{ kind: 'tcp', port: 7 }] }, [9]],
    ["are the README's without probes", { runs: 2 }, [80]],
    ["are else the README's and those of the probes", { probes: [{ kind: 'tcp', port: 7 }] }, [80, 7]],
    ["are the README's for a client", { probes: [{ kind: 'client', command: ['a'] }] }, [80]],
    ['are none where a program has to end', { probes: [{ kind: 'output' }] }, []],
    ['can be none', { ready: { ports: [] } }, []],
  ])('%s', (_, given, ports) => {
    expect(workloadOf(given).ports).toEqual(ports);
  });
});
