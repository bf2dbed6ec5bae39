import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, Engine, ImageId } from '../engine/engine.ts';
import { captureOutput, type Output } from './output.ts';
import type { Answer, Probe, ProbeContext } from './probe.ts';
import { ask } from './probe-kinds.ts';
import { startSidecar } from './sidecar.ts';
import type { Workload } from './workload.ts';

export type RunRequest = {
  readonly image: ImageId;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workload: Workload;
  /** Files put into the container before the start. */
  readonly files?: () => Readable;
  /** A tracer around the program, whose log is fetched when the run is over. */
  readonly tracer?: {
    readonly argvPrefix: readonly string[];
    readonly files: () => Readable;
    readonly collect: (container: Container) => Promise<unknown>;
  };
  readonly signal?: AbortSignal;
};

/** How long a program is given to die of the last probe before the engine is asked for its state. */
const GRACE_MS = 30;

/** The same for a program beside which no sidecar starts, which has most likely ended. */
const DYING_MS = 1000;

export type Exit = { readonly exitCode: number; readonly outOfMemory: boolean };

/** All that one run of an app under its workload showed; plain data. */
export type Observation = {
  /** Whether every port listened in time; always true for a program that runs once and was started. */
  readonly ready: boolean;
  /** How the program ended by itself; null where it was still running after the last probe. */
  readonly exit: Exit | null;
  /** Why it could not even be started, in the engine's words. */
  readonly startFault: string | null;
  readonly answers: readonly { readonly probe: Probe; readonly answer: Answer }[];
  /** The last of what it printed, both channels, for messages. */
  readonly lastOutput: string;
};

/** Starts an app in a fresh container, waits until it is ready, asks every probe and takes it down. */
export async function runLaunch(engine: Engine, request: RunRequest): Promise<Observation> {
  const { workload, tracer, signal = new AbortController().signal } = request;
  signal.throwIfAborted();
  await using container = await engine.createContainer({
    image: request.image,
    argv: [...(tracer?.argvPrefix ?? []), ...request.argv],
    env: request.env,
    network: 'none',
    tracing: tracer !== undefined,
    limits: workload.limits,
  });
  if (request.files !== undefined) await container.putArchive(request.files(), '/', signal);
  if (tracer !== undefined) await container.putArchive(tracer.files(), '/', signal);
  const output = await captureOutput(container);
  try {
    await container.start();
  } catch (error) {
    return { ...NOTHING, startFault: startFault(error) };
  }
  const exit = container.wait();
  // a container that is removed under the wait is told by the run's own failure
  exit.catch(() => undefined);
  const observed = await exercise(engine, container, { workload, exit, output, signal });
  if (tracer !== undefined) {
    // strace writes each line as it comes, so that a killed one leaves a whole log
    await container.kill();
    await exit;
    await tracer.collect(container);
  }
  return { ...observed, startFault: null, lastOutput: output.last() };
}

const NOTHING: Omit<Observation, 'startFault'> = { ready: false, exit: null, answers: [], lastOutput: '' };

type Running = {
  readonly workload: Workload;
  readonly exit: Promise<Exit>;
  readonly output: Output;
  readonly signal: AbortSignal;
};

async function exercise(
  engine: Engine,
  app: Container,
  { workload, exit, output, signal }: Running,
): Promise<Pick<Observation, 'ready' | 'exit' | 'answers'>> {
  const ended = exit.then(async ({ exitCode }) => {
    await output.ended;
    return { exitCode, stdout: output.stdout() };
  });
  ended.catch(() => undefined);
  if (workload.ports.length === 0) {
    const answers = await askAll(workload, { connect: noNetwork, ended, signal });
    return { ready: true, exit: await exitOf(app, exit), answers };
  }
  await using sidecar = await startSidecar(engine, app).catch(async (error: unknown) => {
    // an app that has ended has no network to share: that is its fault, not the engine's
    if ((await exitOf(app, exit, DYING_MS)) === null) throw error;
    return undefined;
  });
  const ready = sidecar !== undefined && (await isReady(sidecar, exit, workload, signal));
  if (!ready) return { ready, exit: await exitOf(app, exit), answers: [] };
  const answers = await askAll(workload, { connect: (port) => sidecar.connect(port), ended, signal });
  return { ready, exit: await exitOf(app, exit), answers };
}

async function isReady(
  sidecar: { untilListening(ports: readonly number[], signal: AbortSignal): Promise<void> },
  exit: Promise<Exit>,
  { ports, limits }: Workload,
  signal: AbortSignal,
): Promise<boolean> {
  const stop = new AbortController();
  const within = AbortSignal.any([signal, stop.signal, AbortSignal.timeout(limits.readyMs)]);
  const listening = sidecar.untilListening(ports, within).then(
    () => true,
    (error: unknown) => {
      signal.throwIfAborted();
      if (!within.aborted) throw error;
      return false;
    },
  );
  const ended = exit.then(() => false);
  try {
    return await Promise.race([listening, ended]);
  } finally {
    stop.abort();
  }
}

async function askAll(workload: Workload, context: ProbeContext): Promise<Observation['answers']> {
  const answers: { probe: Probe; answer: Answer }[] = [];
  for (const probe of workload.probes) {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(workload.limits.probeMs)]);
    const answer = await ask(probe, { ...context, signal });
    context.signal.throwIfAborted();
    answers.push({ probe, answer });
  }
  return answers;
}

/** The end of the program if it has come, by the engine's own word; null where it still runs. */
async function exitOf(app: Container, exit: Promise<Exit>, graceMs = GRACE_MS): Promise<Exit | null> {
  const told = await Promise.race([exit, sleep(graceMs).then(() => null)]);
  if (told !== null) return told;
  const { running, exitCode, outOfMemory } = await app.state();
  return running ? null : { exitCode, outOfMemory };
}

async function noNetwork(): Promise<never> {
  throw new Error('the workload names no port');
}

function startFault(error: unknown): string {
  return (error as { json?: { message?: string } }).json?.message ?? String(error);
}
