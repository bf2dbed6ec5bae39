import { Readable } from 'node:stream';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Engine, ImageId } from '../../src/engine/engine.ts';
import { packItems } from '../../src/image/pack-tar.ts';
import { deriveWorkload } from '../../src/workload/discover.ts';
import {
  emptyImage,
  helperReference,
  SIDECAR_BUSYBOX,
  sidecarImage,
} from '../../src/workload/helper-images.ts';
import { judge } from '../../src/workload/judge.ts';
import type { ClientProbe, FileProbe, Probe } from '../../src/workload/probe.ts';
import { runLaunch } from '../../src/workload/run-launch.ts';
import { type Service, USUAL, type Workload } from '../../src/workload/workload.ts';
import { ownedBy } from '../support/docker.ts';

// the app runs in an image that has busybox alone, or nothing; so do its clients
let engine: Engine;
let busybox: ImageId;
beforeAll(async () => {
  engine = await connectEngine();
  busybox = await sidecarImage(engine);
});

afterEach(async () => {
  expect((await ownedBy(process.pid)).filter(({ kind }) => kind === 'container')).toEqual([]);
});

const tool = (...words: string[]) => [SIDECAR_BUSYBOX, ...words];
const shell = (script: string) => tool('sh', '-c', script);
const HTTPD = tool('httpd', '-f', '-p', '80', '-h', '/www');
const ECHO = tool('nc', '-ll', '-p', '7', '-e', SIDECAR_BUSYBOX, 'cat');
const page = (text: string) => () =>
  packItems([
    { name: 'www', type: 'directory', mode: 0o755 },
    { name: 'www/index.html', mode: 0o644, size: text.length, content: Buffer.from(text) },
  ]);

const client = (command: readonly string[], rest: Partial<ClientProbe> = {}): ClientProbe => ({
  kind: 'client',
  command,
  image: null,
  env: {},
  input: null,
  expect: null,
  expectExitCode: null,
  ...rest,
});
const file = (path: string, expected: string | null = null): FileProbe => ({
  kind: 'file',
  path,
  expect: expected,
});
const OUTPUT: Probe = { kind: 'output', ends: true, expect: null, expectExitCode: null };

const LIMITS = { ...USUAL.limits, readyMs: 10_000, probeMs: 10_000 };

function workloadOf(rest: Partial<Workload>): Workload {
  return { ...USUAL, source: 'config', ports: [], probes: [], limits: LIMITS, ...rest };
}

/** What a run shows and what is said of it without a baseline. */
async function run(argv: readonly string[], rest: Partial<Workload>, signal?: AbortSignal) {
  const workload = workloadOf(rest);
  const seen = await runLaunch(engine, {
    image: busybox,
    clients: busybox,
    argv,
    env: {},
    workload,
    files: [page('Hello\n')],
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    ...seen,
    answers: seen.answers.map(({ answer }) => answer),
    message: judge(workload, seen, null).fault?.message ?? null,
  };
}

/** busybox as a tar stream that has it at the root. */
async function* busyboxArchive() {
  const spec = { image: busybox, argv: ['/x'], env: {}, network: 'none', limits: LIMITS } as const;
  await using container = await engine.createContainer(spec);
  yield* await container.getArchive(SIDECAR_BUSYBOX);
}

describe('a client', () => {
  const ask = (...probes: Probe[]) => run(HTTPD, { ports: [80], probes });
  const WGET = tool('wget', '-q', '-O', '-', 'http://127.0.0.1/');

  test('of the full image asks an app that has none of its programs, and so does one of another image', async () => {
    const workload = workloadOf({
      ports: [80],
      probes: [client(WGET), client(WGET, { image: helperReference('sidecar') })],
    });
    const seen = await runLaunch(engine, {
      image: await emptyImage(engine),
      clients: busybox,
      argv: ['/busybox', ...HTTPD.slice(1)],
      env: {},
      workload,
      files: [page('slim\n'), () => Readable.from(busyboxArchive())],
    });
    const answer = { status: 'exit code 0', text: 'slim\n', fault: null, complaint: '' };
    expect(seen.answers.map((one) => one.answer)).toEqual([answer, answer]);
  });

  test('that fails shows its exit code and what it complained of', async () => {
    const { message } = await ask(client(tool('wget', '-q', '-O', '-', 'http://127.0.0.1/absent')));
    expect(message).toMatch(/wget .*: answered exit code 1; it complained: ".*404 Not Found"$/);
  });

  test('reads its input to the end, of any size, or none at all', async () => {
    const input = 'SELECT 1;\n'.repeat(50_000);
    const { answers } = await ask(
      client(tool('wc', '-c'), { input }),
      client(tool('wc', '-c'), { input: '' }),
      client(tool('wc', '-c')),
      client(tool('true'), { input }),
    );
    expect(answers.map(({ text }) => text?.trim())).toEqual(['500000', '0', '0', '']);
  });

  test('sees its own environment above that of its image', async () => {
    const { answers } = await ask(client(shell('echo $A'), { env: { A: 'mine' } }));
    expect(answers[0]?.text).toBe('mine\n');
  });

  test.each<[ClientProbe, string]>([
    [client(['redis-cli', 'ping']), 'redis-cli ping: redis-cli is not in the full image'],
    [client(['/bin/absent']), '/bin/absent: /bin/absent is not in the full image'],
    [client(['a'], { image: 'kraft-slim/none:1' }), 'a: the image kraft-slim/none:1 is not in the engine'],
  ])('that is not there is at fault: %o', async (probe, message) => {
    expect((await ask(probe)).message).toBe(message);
  });

  test('that does not end is ended', async () => {
    const { message } = await run(HTTPD, {
      ports: [80],
      probes: [client(tool('sleep', '100'))],
      limits: { ...LIMITS, probeMs: 1500 },
    });
    expect(message).toBe('/bin/busybox sleep 100: no answer in time');
  });
});

describe('a file', () => {
  const write =
    'mkdir -p /var/log; echo written > /var/log/app; ln -s log/app /var/link; ln -s /absent /broken';

  test.each([
    ['that runs', `${write}; echo done; while true; do sleep 1; done`, []],
    ['that has ended', `${write}; echo done`, [OUTPUT]],
  ])('of a program %s is read, through links too', async (_, script, first) => {
    const probes = [...first, file('/var/log/app', 'written'), file('/var/link')];
    const { answers, message } = await run(shell(script), { readyLine: 'done', probes });
    expect(message).toBeNull();
    expect(answers.slice(first.length).map(({ text }) => text)).toEqual(['written\n', 'written\n']);
  });

  test.each(['/absent', '/broken', '/var'])('is none where there is no regular file: %s', async (path) => {
    const { message } = await run(shell(`${write}; echo done; sleep 100`), {
      readyLine: 'done',
      probes: [file(path)],
    });
    expect(message).toBe(`file ${path}: ${path} is not there`);
  });
});

describe('services', () => {
  const service = (command: readonly string[], ports: readonly number[] = [7]): Service => ({
    command,
    image: null,
    env: {},
    ports,
  });
  const APP = shell('echo hello | nc 127.0.0.1 7');

  test('are there before the app, which reaches them, and each other', async () => {
    const second = service(
      shell(`echo up | nc 127.0.0.1 7; exec ${tool('httpd', '-f', '-p', '80', '-h', '/').join(' ')}`),
      [80],
    );
    const { message, answers } = await run(APP, {
      services: [service(ECHO), second],
      probes: [{ kind: 'output', ends: true, expect: 'hello', expectExitCode: null }],
    });
    expect(message).toBeNull();
    expect(answers).toMatchObject([{ text: 'hello\n' }]);
  });

  test('are missed where there are none', async () => {
    expect((await run(APP, { probes: [OUTPUT] })).message).toContain('answered exit code 1');
  });

  test('that do not come up are at fault, with what they printed', async () => {
    const { message, lastOutput } = await run(APP, {
      services: [service(ECHO), service(shell('echo no such table >&2; exit 3'), [81])],
      probes: [OUTPUT],
    });
    expect(message).toContain('cannot start the app: the service /bin/busybox sh -c ');
    expect(message).toContain('ended with exit code 3 before it listened on port 81');
    expect(lastOutput).toBe('no such table');
  });

  test('are removed where the run is aborted', async () => {
    const services = [service(ECHO), service(tool('sleep', '100'), [81])];
    await expect(run(APP, { services }, AbortSignal.timeout(2000))).rejects.toThrow('timeout');
  });
});

test.each([
  ['none', 'lo\n'],
  ['bridge', 'eth0\nlo\n'],
] as const)(
  'on the network %s an app has the interfaces %j, with any other container on it',
  async (network, expected) => {
    const probes: Probe[] = [{ kind: 'output', ends: true, expect: null, expectExitCode: null }];
    const alone = await run(tool('ls', '/sys/class/net'), { network, probes });
    const shared = await run(tool('ls', '/sys/class/net'), {
      network,
      probes: [...probes, client(tool('ls', '/sys/class/net'))],
    });
    expect([...alone.answers, ...shared.answers].map(({ text }) => text)).toEqual(Array(3).fill(expected));
  },
);

describe('of an app whose use no file describes', () => {
  const derive = (argv: readonly string[], ports: readonly number[] = []) =>
    deriveWorkload(engine, {
      image: busybox,
      argv,
      env: {},
      files: [page('Hello\n')],
      ports,
      limits: LIMITS,
      signal: new AbortController().signal,
    });

  test.each<[string, readonly string[], readonly number[], readonly number[], readonly object[]]>([
    ['ends', tool('echo', 'hi'), [], [], [{ kind: 'output', ends: true }]],
    ['neither ends nor listens', tool('sleep', '100'), [], [], [{ kind: 'output', ends: false }]],
    ['serves a page', HTTPD, [], [80], [{ kind: 'http', port: 80, path: '/', expectStatus: null }]],
    [
      'serves none at /',
      tool('httpd', '-f', '-p', '81', '-h', '/dev'),
      [],
      [81],
      [{ kind: 'http', port: 81, expectStatus: 404 }],
    ],
    ['speaks another protocol', ECHO, [], [7], [{ kind: 'tcp', port: 7, send: '' }]],
    [
      'listens later, on a port that is said',
      shell(`sleep 2; ${HTTPD.join(' ')}`),
      [80],
      [80],
      [{ kind: 'http' }],
    ],
    [
      'listens on a port that is not said too',
      shell(`${ECHO.join(' ')} & ${HTTPD.join(' ')}`),
      [80],
      [80],
      [{}],
    ],
    ['ends before it listens on the port that is said', tool('false'), [80], [80], []],
  ])('that %s the workload is found', async (_, argv, said, ports, probes) => {
    const workload = await derive(argv, said);
    expect(workload).toMatchObject({ source: 'derived', ports, probes });
    expect(workload.probes).toHaveLength(probes.length);
  });

  test('the workload that is found is met by the app', async () => {
    for (const argv of [HTTPD, ECHO, tool('sleep', '100')]) {
      expect((await run(argv, await derive(argv))).message).toBeNull();
    }
  });
});
