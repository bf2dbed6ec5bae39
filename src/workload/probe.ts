import type { Duplex } from 'node:stream';
import { messageOf } from '../shared/failure.ts';
import { LIMITS } from '../shared/limits.ts';
import type { AnswerTemplate } from './answer-template.ts';
import { AppLimitExceeded } from './disk-limit.ts';
import { ProgramAbsent } from './program.ts';

/** Asks a path of a web server; without an expectation the answer must equal the baseline's. */
export type HttpProbe = {
  readonly kind: 'http';
  readonly port: number;
  readonly tls: boolean;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** The status code that must come; null for the baseline's, or any that is no failure where there is none. */
  readonly expectStatus: number | null;
  /** Text that the answer must hold, white space at the ends of lines aside; see `holdsText`. */
  readonly expect: string | null;
  /** Whether the expected text speaks of the head of the answer too, as `curl -i` shows it. */
  readonly showsHead: boolean;
  /** Whether redirections to the same host are followed, as `curl -L` does. */
  readonly follows: boolean;
};

/** Connects to a port, sends text and reads what comes back. */
export type TcpProbe = {
  readonly kind: 'tcp';
  readonly port: number;
  /** Empty: the port has to accept a connection and not close it at once without a word, that is all. */
  readonly send: string;
  readonly expect: string | null;
};

/** Waits for the end of a program that runs once: its exit code and what it prints. */
export type OutputProbe = {
  readonly kind: 'output';
  /** False: the program must not end, but still run after a while; what it has printed is not compared. */
  readonly ends: boolean;
  readonly expect: string | null;
  /** The exit code that must come; null for the baseline's, or 0 where there is none. */
  readonly expectExitCode: number | null;
};

/** Runs a command beside the app, in a second container that shares the app's network: `redis-cli ping`. */
export type ClientProbe = {
  readonly kind: 'client';
  /** What is executed, as it is: no shell is between. */
  readonly command: readonly string[];
  /** The image that the command is in; null for the unit's full image. */
  readonly image: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** What it reads from its standard input; null for nothing. */
  readonly input: string | null;
  /** Text that its standard output must hold; null: it must equal the baseline's. */
  readonly expect: string | null;
  /** The exit code that must come; null for the baseline's, or 0 where there is none. */
  readonly expectExitCode: number | null;
  /**
   * Where the command does not run itself: kraft-slim says what a `redis-cli` line says, since no image has it; the
   * sidecar asks for a name as `dig` does.
   */
  readonly speaks?: 'redis' | 'dns';
};

/** A file that the app has written by the time its turn comes. */
export type FileProbe = {
  readonly kind: 'file';
  /** Absolute path in the app's root file system. */
  readonly path: string;
  /** Text that it must hold; null: it must equal the baseline's. */
  readonly expect: string | null;
};

/** One question to the app. A new kind is a member here, a file, and a line in `probe-kinds.ts`. */
export type Probe = HttpProbe | TcpProbe | OutputProbe | ClientProbe | FileProbe;

/** What an app answered; plain data, so that it can be kept and compared. */
export type Answer = {
  /** The answer as text to search in and compare; null where none came. */
  readonly text: string | null;
  /** What came before the text and is searched with it, but never compared: the head of an HTTP answer. */
  readonly head?: string;
  /** What must equal the baseline's beside the text: a status line, an exit code. */
  readonly status: string | null;
  /** The last that a client wrote to its standard error; shown where the client fails, never compared. */
  readonly complaint?: string;
  /** Of a baseline whose runs differ in counters, ids or times: what another answer has to match. */
  readonly template?: AnswerTemplate;
  /** Why no answer came. */
  readonly fault: string | null;
  /** Whether that is since it is longer than an answer may be. */
  readonly isTooLong?: true;
  /** Whether that is since the full image has no such client. */
  readonly lacksClient?: true;
};

/** What a probe may use of a running app. */
export type ProbeContext = {
  /** A connection to a port of the app's loopback. Where nothing listens it fails, or ends without any data. */
  readonly connect: (port: number) => Promise<Duplex>;
  /** The end of the program: its exit code, and all it printed to standard output. */
  readonly ended: Promise<{ exitCode: number; stdout: string }>;
  /** Resolves when the program has printed more to standard output than is compared. */
  readonly exceeded: Promise<void>;
  /** Runs a client to its end. */
  readonly runClient: (
    client: Pick<ClientProbe, 'command' | 'image' | 'env' | 'input'>,
    signal: AbortSignal,
  ) => Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** The bytes of a regular file of the app's root file system; undefined where there is none. */
  readonly readFile: (path: string) => Promise<Uint8Array | undefined>;
  /** Aborted when the time for this probe is over or the run is cancelled. */
  readonly signal: AbortSignal;
};

/** How one kind of probe is asked and its answer judged. */
export interface ProbeKind<P extends Probe> {
  /** Asks; a fault of the app is an answer, never an error. */
  ask(probe: P, context: ProbeContext): Promise<Answer>;
  /** One short line for people: `GET /about.html on port 80`. */
  describe(probe: P): string;
}

/** An answer, or what a program prints where that is the answer, is longer than `LIMITS.answerBytes`. */
export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';

  constructor() {
    super(`the answer has more than ${LIMITS.answerBytes.toLocaleString('en-US')} bytes`);
  }
}

/**
 * The answer where none came.
 * @throws AppLimitExceeded as it is: it ends the run.
 */
export function noAnswer(error: unknown, signal: AbortSignal): Answer {
  if (error instanceof AppLimitExceeded) throw error;
  if (error instanceof ProgramAbsent)
    return { status: null, text: null, fault: error.message, lacksClient: true };
  if (error instanceof AnswerTooLong)
    return { status: null, text: null, fault: error.message, isTooLong: true };
  return { status: null, text: null, fault: signal.aborted ? 'no answer in time' : messageOf(error) };
}
