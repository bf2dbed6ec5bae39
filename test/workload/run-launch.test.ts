import { Duplex, PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Container, ContainerSpec, Engine, ImageConfig, ImageId } from '../../src/engine/engine.ts';
import type { ClientProbe } from '../../src/workload/probe.ts';
import { type LaunchedCommand, type RunRequest, runLaunch } from '../../src/workload/run-launch.ts';
import { USUAL, type Workload } from '../../src/workload/workload.ts';

const SERVER: Workload = { ...USUAL, source: 'readme', ports: [80], probes: [] };
const IMPATIENT = { ...USUAL.limits, readyMs: 60 };
const LISTENING = '0: 00000000:0050 00000000:0000 0A';
const RUNNING = { running: true, exitCode: 0, outOfMemory: false };
const clientProbe = (command: readonly string[]): ClientProbe => ({
  kind: 'client',
  command,
  image: null,
  env: {},
  input: null,
  expect: null,
  expectExitCode: null,
});
const never = new Promise<never>(() => undefined);

const APP = '/app';
const SIDECAR = '/bin/busybox';

type Programs = Readonly<Record<string, Partial<Container>>>;

/** An engine whose containers do the usual, and what is given for the program that they run; with what it did. */
function engineOf(programs: Programs = {}): Engine & { log: string[]; specs: ContainerSpec[] } {
  const log: string[] = [];
  const specs: ContainerSpec[] = [];
  const createContainer = async (spec: ContainerSpec) => {
    specs.push(spec);
    const name = spec.argv[0] as string;
    const usual: Partial<Container> = {
      putArchive: async (tar) => void log.push(`put ${await tar.toArray()}`),
      attach: async () => ({ ended: Promise.resolve() }),
      start: async () => void log.push(`start ${name}`),
      wait: () => never,
      state: async () => RUNNING,
      writtenBytes: async () => 0,
      volumes: async () => [],
      kill: async () => undefined,
      converse: async () => showing(() => LISTENING),
      pipe: async () => new PassThrough(),
      [Symbol.asyncDispose]: async () => void log.push(`remove ${name}`),
    };
    return { ...usual, id: `id of ${name}`, ...programs[name] } as Container;
  };
  const inspectImage = async (name: string) =>
    name === 'absent' ? undefined : ({ id: `id of ${name}` } as ImageConfig);
  return { inspectImage, createContainer, log, specs } as Partial<Engine> as ReturnType<typeof engineOf>;
}

const run = (engine: Engine, workload: Partial<Workload> = {}, rest: Partial<RunRequest> = {}) =>
  runLaunch(engine, {
    image: 'slim' as ImageId,
    clients: 'full' as ImageId,
    argv: [APP],
    env: {},
    workload: { ...SERVER, ...workload },
    ...rest,
  });

const ends = (exitCode: number): Partial<Container> => ({
  wait: async () => ({ exitCode, outOfMemory: false }),
  state: async () => ({ running: false, exitCode, outOfMemory: false }),
});

const prints = (stream: 'stdout' | 'stderr', text: string): Partial<Container> => ({
  async attach(onOutput) {
    onOutput({ stream, data: Buffer.from(text) });
    return { ended: Promise.resolve() };
  },
});

const refusesToStart = (message: string): Partial<Container> => ({
  start: () => Promise.reject(Object.assign(new Error('HTTP 400'), { json: { message } })),
});

/** What a sidecar prints for each line that it is given. */
function showing(table: () => string | undefined): Duplex {
  return new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      const shown = table();
      if (shown !== undefined) this.push(`${shown}\n.\n`);
      done();
    },
  });
}

const shows = (table: () => string | undefined): Partial<Container> => ({
  converse: async () => showing(table),
});
const listensOnNothing = shows(() => '');

describe('how an app ended', () => {
  test('is nothing where it still runs after the last probe', async () => {
    expect(await run(engineOf())).toMatchObject({ ready: true, exit: null });
  });

  test('is asked of the engine where it is not known yet', async () => {
    const state = async () => ({ running: false, exitCode: 139, outOfMemory: false });
    expect(await run(engineOf({ [APP]: { state } }))).toMatchObject({
      ready: true,
      exit: { exitCode: 139, outOfMemory: false },
    });
  });
});

describe('an app is ready', () => {
  test('without ports and line as soon as it was started, in a network of the kind that it has', async () => {
    const engine = engineOf();
    expect(await run(engine, { ports: [], network: 'bridge' })).toMatchObject({ ready: true });
    expect(engine.specs.map(({ argv, network }) => [argv[0], network])).toEqual([
      [SIDECAR, 'bridge'],
      [APP, `container:id of ${SIDECAR}`],
    ]);
  });

  test.each(['stdout', 'stderr'] as const)('without ports when its line is on %s', async (stream) => {
    const engine = engineOf({ [APP]: prints(stream, 'x\n  ready now \n') });
    expect(await run(engine, { ports: [], readyLine: 'ready now' })).toMatchObject({ ready: true });
  });

  test('by the last line that it printed, though it has ended', async () => {
    const engine = engineOf({ [APP]: { ...prints('stdout', 'done\n'), ...ends(0) } });
    expect(await run(engine, { ports: [], readyLine: 'done' })).toMatchObject({ ready: true });
  });

  test('when its ports listen and its line has come, not before', async () => {
    const stages = ['', LISTENING, LISTENING];
    const app: Partial<Container> = {
      async attach(onOutput) {
        setTimeout(() => onOutput({ stream: 'stdout', data: Buffer.from('ready\n') }), 100);
        return { ended: Promise.resolve() };
      },
    };
    const polled = shows(() => stages.shift() ?? LISTENING);
    const seen = await run(engineOf({ [APP]: app, [SIDECAR]: polled }), { readyLine: 'ready' });
    expect(seen).toMatchObject({ ready: true, lacking: null, lastOutput: 'ready' });
    expect(stages).toEqual([]);
  });
});

describe('an app is not ready, and what it lacks is said,', () => {
  test.each<[string, Partial<Workload>, Programs]>([
    ['no program listened on port 80, 81', { ports: [80, 81] }, { [SIDECAR]: listensOnNothing }],
    ['no program listened on port 81', { ports: [80, 81] }, {}],
    ['"ready" was not printed', { readyLine: 'ready' }, {}],
    ['"ready" was not printed', { ports: [], readyLine: 'ready' }, {}],
  ])('%s', async (lacking, workload, programs) => {
    const seen = await run(engineOf(programs), { limits: IMPATIENT, ...workload });
    expect(seen).toMatchObject({ ready: false, lacking, exit: null, answers: [] });
  });

  test('at once where it has ended', async () => {
    const engine = engineOf({ [APP]: ends(3), [SIDECAR]: listensOnNothing });
    const exit = { exitCode: 3, outOfMemory: false };
    expect(await run(engine)).toMatchObject({
      ready: false,
      lacking: 'no program listened on port 80',
      exit,
    });
  });

  test('where the engine does not answer in time', async () => {
    const hangs = shows(() => undefined);
    const seen = await run(engineOf({ [SIDECAR]: hangs }), { limits: IMPATIENT });
    expect(seen).toMatchObject({ ready: false, lacking: 'no program listened on port 80' });
  });
});

test('an app that cannot be started says so in the words of the engine', async () => {
  const seen = await run(engineOf({ [APP]: refusesToStart('no such file') }));
  expect(seen).toMatchObject({ ready: false, startFault: 'no such file', answers: [] });
});

test('a sidecar that cannot be started is no fault of the app', async () => {
  await expect(run(engineOf({ [SIDECAR]: refusesToStart('no memory') }))).rejects.toThrow('HTTP 400');
});

test('what is put into the container arrives in order, the tracer last', async () => {
  const engine = engineOf({ '/strace': { ...ends(0), kill: async () => undefined } });
  const tar = (text: string) => () => Readable.from([text]);
  const tracer = {
    around: ({ argv, env }: LaunchedCommand) => ({ argv: ['/strace', ...argv], env }),
    files: tar('tracer'),
    collect: async () => undefined,
  };
  await run(engine, { ports: [] }, { files: [tar('a'), tar('b')], tracer });
  expect(engine.log.filter((line) => line.startsWith('put'))).toEqual(['put a', 'put b', 'put tracer']);
  expect(engine.log.indexOf('start /strace')).toBe(engine.log.indexOf('put tracer') + 1);
});

describe('services', () => {
  const service = { command: ['/db', '-v'], image: null, env: { A: '1' }, ports: [80] };
  const services = [service, { ...service, command: ['/cache'], image: 'redis', ports: [] }];

  test('are started in turn before the app, share its network, and are removed with it', async () => {
    const engine = engineOf();
    const clientEnv = { PATH: '/bin', A: '0' };
    expect(await run(engine, { services, network: 'bridge' }, { clientEnv })).toMatchObject({ ready: true });
    const started = engine.log.filter((line) => line.startsWith('start'));
    expect(started).toEqual(['start /bin/busybox', 'start /db', 'start /cache', 'start /app']);
    expect(engine.log.filter((line) => line.startsWith('remove')).sort()).toEqual(
      ['remove /app', 'remove /bin/busybox', 'remove /cache', 'remove /db'].sort(),
    );
    const network = 'container:id of /bin/busybox';
    expect(engine.specs).toMatchObject([
      { network: 'bridge' },
      { image: 'full', argv: ['/db', '-v'], env: { PATH: '/bin', A: '1' }, network },
      { image: 'id of redis', env: { A: '1' }, network },
      { image: 'slim', network },
    ]);
    expect(engine.specs[2]?.env).not.toHaveProperty('PATH');
  });

  test.each<[string, Programs, Partial<Workload>]>([
    [
      'the service /db -v did not listen on port 80 within 0.06 seconds',
      { '/db': prints('stderr', 'last words\n'), [SIDECAR]: listensOnNothing },
      {},
    ],
    [
      'the service /db -v ended with exit code 2 before it listened on port 80',
      { '/db': { ...prints('stdout', 'last words\n'), ...ends(2) }, [SIDECAR]: listensOnNothing },
      {},
    ],
  ])('%s', async (startFault, programs, workload) => {
    const engine = engineOf(programs);
    const seen = await run(engine, { services, limits: IMPATIENT, ...workload });
    expect(seen).toMatchObject({ ready: false, startFault, lastOutput: 'last words' });
    expect(engine.log).not.toContain('start /app');
    expect(engine.log).toEqual(expect.arrayContaining(['remove /db', 'remove /bin/busybox']));
  });

  test.each<[string, Programs, string | null]>([
    [
      '/db is not in the full image',
      { '/db': refusesToStart('exec: "/db": no such file or directory') },
      null,
    ],
    ['the image absent is not in the engine', {}, 'absent'],
  ])('that cannot be started are at fault: %s', async (why, programs, image) => {
    const seen = await run(engineOf(programs), { services: [{ ...service, image }] });
    expect(seen.startFault).toBe(`the service /db -v cannot start: ${why}`);
  });

  test('are removed where the run is aborted while they start', async () => {
    const engine = engineOf({ [SIDECAR]: listensOnNothing });
    await expect(run(engine, { services }, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
    expect(engine.log).toEqual(expect.arrayContaining(['remove /db', 'remove /bin/busybox']));
  });
});

describe('a client', () => {
  const CLIENT = clientProbe(['ask', 'it']);
  const answerOf = async (programs: Programs, probe: Partial<ClientProbe> = {}, probeMs = 60_000) => {
    const engine = engineOf(programs);
    const limits = { ...USUAL.limits, probeMs };
    const { answers } = await run(engine, { ports: [], probes: [{ ...CLIENT, ...probe }], limits });
    expect(engine.log).toContain('remove /app');
    return { ...answers[0]?.answer, specs: engine.specs, log: engine.log };
  };

  test('runs to its end in the full image, in the network of the app, and is removed', async () => {
    const seen = await answerOf({ ask: { ...prints('stdout', 'yes\n'), ...ends(4) } });
    expect(seen).toMatchObject({ status: 'exit code 4', text: 'yes\n', fault: null });
    expect(seen.specs[2]).toMatchObject({ image: 'full', network: 'container:id of /bin/busybox' });
    expect(seen.specs[2]?.takesInput).toBe(false);
    expect(seen.log).toContain('remove ask');
  });

  test('is given its input', async () => {
    const given: unknown[] = [];
    const attach: Container['attach'] = async (_, input) => {
      given.push(input);
      return { ended: Promise.resolve() };
    };
    const { specs } = await answerOf({ ask: { attach, ...ends(0) } }, { input: 'SELECT 1;' });
    expect(given).toEqual(['SELECT 1;']);
    expect(specs[2]?.takesInput).toBe(true);
  });

  test.each<[string, Programs, Partial<ClientProbe>]>([
    ['no answer in time', {}, {}],
    ['the image absent is not in the engine', {}, { image: 'absent' }],
    [
      'ask is not in the image redis',
      { ask: refusesToStart('exec: "ask": executable file not found in $PATH: unknown') },
      { image: 'redis' },
    ],
    ['out of pids', { ask: refusesToStart('out of pids') }, {}],
  ])('is at fault: %s', async (fault, programs, probe) => {
    const isLate = fault === 'no answer in time';
    const answer = await answerOf(programs, probe, isLate ? 100 : undefined);
    expect(answer).toMatchObject({ status: null, text: null, fault });
  });
});

describe('a limit of the disk is the reason for whatever else failed', () => {
  const limits = { ...USUAL.limits, readyMs: 60, probeMs: 60, diskBytes: 1000 };
  /** So much is in the container when the run fails: no poll has counted it yet. */
  const writes = (bytes: number): Partial<Container> => ({ writtenBytes: async () => bytes });
  const ENDS: Workload['probes'] = [{ kind: 'output', ends: true, expect: null, expectExitCode: null }];
  const message = 'cannot run the app: it wrote more than 0.00 MB to the disk';

  test.each<[string, Programs, Partial<Workload>]>([
    ['of an app that is not ready', { [SIDECAR]: listensOnNothing, [APP]: writes(1000) }, {}],
    ['of an app that does not end in time', { [APP]: writes(1000) }, { ports: [], probes: ENDS }],
    ['of an app that ended', { [APP]: { ...writes(1000), ...ends(1) } }, { ports: [], probes: ENDS }],
    [
      'of a service that did not come up',
      { [SIDECAR]: listensOnNothing, '/db': writes(1000) },
      { services: [{ command: ['/db'], image: null, env: {}, ports: [80] }] },
    ],
    ['of a client', { ask: { ...writes(1000), ...ends(1) } }, { ports: [], probes: [clientProbe(['ask'])] }],
  ])('%s', async (_, programs, workload) => {
    const seen = await run(engineOf(programs), { limits, ...workload });
    expect(seen).toMatchObject({ exceeded: { message, hint: expect.stringContaining('limits.disk') } });
  });

  test('and not where the app kept it', async () => {
    const programs = { [SIDECAR]: listensOnNothing, [APP]: writes(999) };
    expect((await run(engineOf(programs), { limits })).exceeded).toBeUndefined();
  });
});
