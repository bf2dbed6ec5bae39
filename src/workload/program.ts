import type { Readable } from 'node:stream';
import type { Container, ContainerSpec, Engine } from '../engine/engine.ts';
import { EngineRefusal } from '../engine/engine-fault.ts';
import { UserError } from '../shared/failure.ts';
import { unlessAborted } from '../shared/unless-aborted.ts';
import { withinDisk } from './disk-limit.ts';
import { captureOutput, type Output } from './output.ts';
import { meterOf, type VolumeMeter } from './volume-meter.ts';

/** How a program ended, where it was not stopped. */
export type Exit = { readonly exitCode: number; readonly outOfMemory: boolean };

/** A program cannot be started, or what it needs beside it cannot; the message says why, for people. */
export class StartError extends Error {
  override readonly name = 'StartError';
  /** What it printed last, where it came so far. */
  readonly lastOutput: string;

  constructor(message: string, lastOutput = '') {
    super(message);
    this.lastOutput = lastOutput;
  }
}

/** The full image does not have the program of a client or a service. */
export class ProgramAbsent extends StartError {}

/** A program that was started in a separate container; disposing of it kills and removes the container. */
export interface Program extends AsyncDisposable {
  readonly container: Container;
  readonly output: Output;
  /** How it ended. Rejects with `AppLimitExceeded` where it exceeded a limit. */
  readonly exit: Promise<Exit>;
  /**
   * For a program that failed: the limit that it exceeded is the reason.
   * @throws AppLimitExceeded
   */
  readonly checkLimits: () => Promise<void>;
}

export type Supply = {
  /** Tar streams, unpacked at the root in this order before the start. */
  readonly files?: readonly (() => Readable)[];
  /** What the program reads from its standard input; null for nothing. */
  readonly input?: string | null;
  readonly signal?: AbortSignal;
};

/**
 * Starts a program in a fresh container.
 * @throws StartError in the engine's words, where the engine cannot start it.
 */
export async function startProgram(
  engine: Engine,
  spec: Omit<ContainerSpec, 'takesInput'>,
  { files = [], input = null, signal }: Supply,
): Promise<Program> {
  const container = await engine.createContainer({ ...spec, takesInput: input !== null });
  const over = new AbortController();
  let meter: VolumeMeter | undefined;
  const dispose = async () => {
    over.abort();
    // the meter has the volumes of the container, so it goes first
    await meter?.[Symbol.asyncDispose]();
    await container[Symbol.asyncDispose]();
  };
  try {
    for (const tar of files) await container.putArchive(tar(), '/', signal);
    const { diskBytes } = spec.limits;
    meter = diskBytes === undefined ? undefined : await meterOf(engine, container);
    const inVolumes = async () => (await meter?.bytes()) ?? 0;
    const writtenBytes = async () => (await container.writtenBytes()) + (await inVolumes());
    const putBytes = diskBytes === undefined || files.length === 0 ? 0 : await container.writtenBytes();
    const beforeBytes = putBytes + (await unlessAborted(inVolumes(), signal ?? over.signal));
    const output = await captureOutput(container, input ?? undefined);
    await container.start().catch((error: unknown) => {
      // that an engine went away says nothing of the program
      if (error instanceof UserError && !isRefusedStart(error)) throw error;
      throw new StartError(reasonOf(error));
    });
    const ended = container.wait();
    const limit = { beforeBytes, writtenBytes, over: over.signal };
    const { exit, check: checkLimits } =
      diskBytes === undefined
        ? { exit: ended, check: async () => undefined }
        : withinDisk(container, ended, { diskBytes, ...limit });
    // the failure of the run reports a container that is removed under the wait
    exit.catch(() => undefined);
    return { container, output, exit, checkLimits, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Whether an engine that works cannot start this program. */
function isRefusedStart(error: UserError): boolean {
  return error instanceof EngineRefusal && error.code === 'engine-refused';
}

function reasonOf(error: unknown): string {
  return (error as { json?: { message?: string } }).json?.message ?? String(error);
}

/**
 * The end of a program, when all that it printed has arrived.
 * @throws the signal's reason where it is aborted before.
 */
export async function endOf({ exit, output }: Program, signal: AbortSignal): Promise<Exit> {
  const ended = exit.then(async (ending) => {
    await output.ended;
    return ending;
  });
  return await unlessAborted(ended, signal);
}
