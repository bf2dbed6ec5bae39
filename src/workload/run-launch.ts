import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, ContainerSpec, Engine, ImageId } from '../engine/engine.ts';
import { removingLate } from '../engine/late-removal.ts';
import { timeLimit } from '../shared/time-limit.ts';
import { unlessAborted } from '../shared/unless-aborted.ts';
import { readAppFile } from './app-file.ts';
import { type Surroundings, startBeside } from './beside.ts';
import { AppLimitExceeded, type ExceededLimit } from './disk-limit.ts';
import { type Answer, AnswerTooLong, type Probe, type ProbeContext } from './probe.ts';
import { ask } from './probe-kinds.ts';
import { type Exit, endOf, type Program, StartError, startProgram } from './program.ts';
import { untilReady } from './readiness.ts';
import type { Look, Looked } from './second-look/look.ts';
import { readyToLook } from './second-look/ready-look.ts';
import { type Rerun, runAgain } from './second-look/run-again.ts';
import { startServices } from './services.ts';
import { type Sidecar, type SidecarNetwork, startSidecar } from './sidecar.ts';
import { lendApp, type Visit } from './visit.ts';
import type { Workload } from './workload.ts';

export type RunRequest = {
  readonly image: ImageId;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workload: Workload;
  /** What the app is asked when the last probe is over; none where it gets no second look. */
  readonly looks?: readonly Look[];
  /** Lets a person use the app after the last probe. */
  readonly visit?: Visit;
  /** How the program is run again for its second look, when the app has been asked. */
  readonly reruns?: readonly Rerun[];
  /** Tar streams that are unpacked in the container before the start, in this order. */
  readonly files?: readonly (() => Readable)[];
  /** The unit's full image: where services and clients that name no other have their programs. */
  readonly clients: ImageId;
  /** Set for these, above the image's own environment. */
  readonly clientEnv?: Readonly<Record<string, string>>;
  /** A tracer around the program, whose log is fetched when the run is over. */
  readonly tracer?: {
    /** The program as the tracer starts it. */
    readonly around: (start: LaunchedCommand) => LaunchedCommand;
    readonly files: () => Readable;
    /** Called for the run of the workload, and then for each run again. */
    readonly collect: (container: Container) => Promise<unknown>;
  };
  readonly signal?: AbortSignal;
};

/** A command line, and the environment in which it is started. */
export type LaunchedCommand = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

/** How long a program is given to die of the last probe before the engine is asked for its state. */
const GRACE_MS = 30;

/** All that one run of an app under its workload showed; plain data. */
export type Observation = {
  /** Whether it was started, and every port listened and the ready line came in time. */
  readonly ready: boolean;
  /**
   * What of that did not come, in words: `no program listened on port 80`; null where it is ready or was not started.
   */
  readonly lacking: string | null;
  /** How the program ended, where it was not stopped; null where it was still running after the last probe. */
  readonly exit: Exit | null;
  /** Why it, or a service before it, could not even be started. */
  readonly startFault: string | null;
  /** The limit that it, or what runs beside it, exceeded: the reason for whatever else failed. */
  readonly exceeded?: ExceededLimit;
  readonly answers: readonly { readonly probe: Probe; readonly answer: Answer }[];
  /** What came of the second look; a case that was not asked any more is missing. */
  readonly looked: readonly Looked[];
  /** The last of what it had printed after the last probe, both channels, for messages. */
  readonly lastOutput: string;
};

/** Where a run gets its network from. */
export type TakeNetwork = (network: SidecarNetwork) => Promise<Sidecar>;

/** Starts an app and its services in fresh containers, waits until it is ready, asks every probe, takes all down. */
export async function runLaunch(
  engine: Engine,
  request: RunRequest,
  takeNetwork: TakeNetwork = (network) => startSidecar(engine, network),
): Promise<Observation> {
  const { workload, looks = [], visit, tracer, signal = new AbortController().signal } = request;
  signal.throwIfAborted();
  await using sidecar = await takeNetwork(workload.network);
  sidecar.expect(workload.probes.filter(({ kind }) => kind === 'http' || kind === 'tcp').length);
  // all that shares the network ends at once, before it is given back
  await using late = removingLate(engine);
  const surroundings = surroundingsOf(request, sidecar.network);
  try {
    await using _ = await startServices(late, {
      services: workload.services,
      surroundings,
      sidecar,
      signal,
    });
    await using app = await startApp(late, request, surroundings.network);
    const observed = await exercise(late, app, { workload, looks, visit, surroundings, sidecar, signal });
    const isWell = observed.ready && !hasFailed(observed);
    // what failed may have failed by a limit, which is the reason then, however slow the meter is
    if (!isWell) await unlessAborted(app.checkLimits(), signal);
    await collect(tracer, app);
    if (!isWell) return { ...observed, startFault: null };
    const again = await runAgain(request.reruns ?? [], {
      start: (argv) => startApp(late, { ...request, argv }, surroundings.network),
      ended: (program) => collect(tracer, program),
      signal,
    });
    return { ...observed, looked: [...observed.looked, ...again], startFault: null };
  } catch (error) {
    if (error instanceof StartError)
      return { ...NOTHING, startFault: error.message, lastOutput: error.lastOutput };
    if (!(error instanceof AppLimitExceeded)) throw error;
    return { ...NOTHING, startFault: null, exceeded: error.limit, lastOutput: '' };
  }
}

/** Fetches the log of a tracer, where there is one. */
async function collect(tracer: RunRequest['tracer'], app: Program): Promise<void> {
  if (tracer === undefined) return;
  // strace writes each line as it comes, so that a killed one leaves a whole log
  await app.container.kill();
  // the run is over: what it wrote last is no reason any more
  await app.exit.catch((error: unknown) => {
    if (!(error instanceof AppLimitExceeded)) throw error;
  });
  await tracer.collect(app.container);
}

function hasFailed({ answers }: Pick<Observation, 'answers'>): boolean {
  return answers.some(({ answer }) => answer.fault !== null);
}

const NOTHING = { ready: false, lacking: null, exit: null, answers: [], looked: [] } as const;

function surroundingsOf(
  { clients, clientEnv = {}, workload: { limits } }: RunRequest,
  network: ContainerSpec['network'],
): Surroundings {
  return { network, image: clients, env: clientEnv, limits };
}

async function startApp(
  engine: Engine,
  { image, argv, env, workload, files = [], tracer, signal }: RunRequest,
  network: ContainerSpec['network'],
): Promise<Program> {
  const spec = {
    image,
    ...(tracer?.around({ argv, env }) ?? { argv, env }),
    network,
    tracing: tracer !== undefined,
    limits: workload.limits,
  };
  const supply = tracer === undefined ? files : [...files, tracer.files];
  return await startProgram(engine, spec, { files: supply, ...(signal === undefined ? {} : { signal }) });
}

type Running = {
  readonly workload: Workload;
  readonly looks: readonly Look[];
  readonly visit: Visit | undefined;
  readonly surroundings: Surroundings;
  readonly sidecar: Sidecar;
  readonly signal: AbortSignal;
};

async function exercise(
  engine: Engine,
  app: Program,
  { workload, looks, visit, surroundings, sidecar, signal }: Running,
): Promise<Omit<Observation, 'startFault'>> {
  const { ports, udpPorts, readyLine, limits } = workload;
  await using second = readyToLook({ looks, sidecar, ports });
  const waiting = { program: app, sidecar, limitMs: limits.readyMs, signal };
  const lacking = await untilReady({ ports, udpPorts, line: readyLine }, waiting);
  if (lacking !== null) {
    const exit = await exitOf(app);
    return { ready: false, lacking, exit, answers: [], looked: [], lastOutput: app.output.last() };
  }
  const ended = endOf(app, signal).then(({ exitCode }) => ({ exitCode, stdout: app.output.stdout() }));
  ended.catch(() => undefined);
  const context: ProbeContext = {
    connect: (port) => sidecar.connect(port),
    ended,
    exceeded: app.output.exceeded,
    runClient: (client, within) => runClient(engine, { client, surroundings }, within),
    readFile: (path) => readAppFile(app.container, path, signal),
    signal,
  };
  const answers = await askAll(workload, context);
  if (visit !== undefined) await lendApp(visit, { sidecar, ports, ended, signal });
  const exit = await exitOf(app);
  const seen = { ready: true, lacking, exit, answers, lastOutput: app.output.last() };
  return { ...seen, looked: exit !== null || hasFailed(seen) ? [] : await second.take(context) };
}

async function runClient(
  engine: Engine,
  { client, surroundings }: { client: Parameters<ProbeContext['runClient']>[0]; surroundings: Surroundings },
  signal: AbortSignal,
): ReturnType<ProbeContext['runClient']> {
  await using program = await startBeside(engine, client, surroundings);
  const tooLong = program.output.exceeded.then(() => null);
  const end = await Promise.race([tooLong, endOf(program, signal)]);
  if (end === null) throw new AnswerTooLong();
  const { exitCode } = end;
  return { exitCode, stdout: program.output.stdout(), stderr: program.output.stderr() };
}

async function askAll(workload: Workload, context: ProbeContext): Promise<Observation['answers']> {
  const answers: { probe: Probe; answer: Answer }[] = [];
  for (const probe of workload.probes) {
    const signal = AbortSignal.any([context.signal, timeLimit(workload.limits.probeMs)]);
    const answer = await ask(probe, { ...context, signal });
    context.signal.throwIfAborted();
    answers.push({ probe, answer });
  }
  return answers;
}

/** The end of the program if it has come, by the engine's own word; null where it still runs. */
async function exitOf({ container, exit }: Program): Promise<Exit | null> {
  const ending = await Promise.race([exit, sleep(GRACE_MS).then(() => null)]);
  if (ending !== null) return ending;
  const { running, exitCode, outOfMemory } = await container.state();
  return running ? null : { exitCode, outOfMemory };
}
