import type { Duplex } from 'node:stream';
import { messageOf } from '../shared/failure.ts';

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
export type OutputProbe = { readonly kind: 'output'; readonly expect: string | null };

/** One question to the app. A new kind is a member here, a file, and a line in `probe-kinds.ts`. */
export type Probe = HttpProbe | TcpProbe | OutputProbe;

/** What an app answered; plain data, so that it can be kept and compared. */
export type Answer = {
  /** The answer as text to search in and compare; null where none came. */
  readonly text: string | null;
  /** What came before the text and is searched with it, but never compared: the head of an HTTP answer. */
  readonly head?: string;
  /** What must equal the baseline's beside the text: a status line, an exit code. */
  readonly status: string | null;
  /** Why no answer came. */
  readonly fault: string | null;
};

/** What a probe may use of a running app. */
export type ProbeContext = {
  /** A connection to a port of the app's loopback. Where nothing listens it fails, or ends without any data. */
  readonly connect: (port: number) => Promise<Duplex>;
  /** The end of the program: its exit code, and all it printed to standard output. */
  readonly ended: Promise<{ exitCode: number; stdout: string }>;
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

/** Why a connection gave no answer, for people. */
export function faultOf(error: unknown, signal: AbortSignal): string {
  return signal.aborted ? 'no answer in time' : messageOf(error);
}
