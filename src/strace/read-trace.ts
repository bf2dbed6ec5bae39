import { LIMITS, limitExceeded } from '../shared/limits.ts';
import { createConnectionRecord, type TriedConnection } from './connections.ts';
import type { TraceEvent } from './event.ts';
import { concernsFitness, createFitnessRecord, type FitnessFact } from './fitness.ts';
import { pathUses, usesPaths } from './path-uses.ts';
import { createProcessTree, type TracedProcess } from './process-tree.ts';
import { createEventReader, type LogSummary } from './read-events.ts';
import { splitArguments } from './split-arguments.ts';
import { followChange, learnDirectory } from './surroundings.ts';
import { createTouchRecord, type FailedLookup, type Touch } from './touched.ts';

/** The content of a trace. Plain data, printable as JSON; the same log gives the same trace. */
export type Trace = {
  /** In the order in which their first calls came back. */
  readonly touched: readonly Touch[];
  /** In the same order. */
  readonly failed: readonly FailedLookup[];
  /** In order of appearance: the first is the program that was started. A pid can be there twice. */
  readonly processes: readonly TracedProcess[];
  readonly facts: readonly FitnessFact[];
  /** To addresses of a network, loopback included. */
  readonly connections: readonly TriedConnection[];
  readonly log: LogSummary;
};

export type TraceOptions = {
  /** The working directory that the first program was started in, free of symbolic links; `/` if not given. */
  readonly cwd?: string;
  /** What the trace may take of memory, whatever the length of the log. Default `LIMITS.traceBytes`. */
  readonly maxBytes?: number;
};

const TOO_LARGE = 'cannot sum up the trace of the app: its names, facts and processes take';
const HINT =
  'the app opens new names all the time; a shorter workload in kraft-slim.yaml leads to a smaller trace';

const CHANGES = new Set('chdir fchdir chroot getcwd execve execveat'.split(' '));

/**
 * Reads a log that was made with `straceOptions`, as a stream: what it is summed up to is all that is kept. It never
 * fails on a line that it does not understand: see `Trace.log`.
 * @throws UserError `limit-exceeded` for more names, facts and processes than `maxBytes`, and for an endless line.
 */
export async function readTrace(
  chunks: AsyncIterable<Uint8Array>,
  options: TraceOptions = {},
): Promise<Trace> {
  const reader = createEventReader();
  const recorder = createTraceRecorder(options);
  for await (const chunk of chunks) for (const event of reader.push(chunk)) recorder.add(event);
  for (const event of reader.end()) recorder.add(event);
  return { ...recorder.result(), log: reader.summary };
}

/** Gathers evidence from events as they come. */
export interface TraceRecorder {
  add(event: TraceEvent): void;
  result(): Omit<Trace, 'log'>;
}

export function createTraceRecorder(options: TraceOptions = {}): TraceRecorder {
  const { maxBytes = LIMITS.traceBytes } = options;
  let bytes = 0;
  const spend = (more: number) => {
    bytes += more;
    if (bytes > maxBytes) throw limitExceeded(`${TOO_LARGE} more than % bytes of memory`, maxBytes, HINT);
  };
  const tree = createProcessTree(options.cwd ?? '/', spend);
  const touches = createTouchRecord(spend);
  const fitness = createFitnessRecord(spend);
  const network = createConnectionRecord(spend);

  return {
    add(event) {
      if (event.kind === 'unparsed') return;
      tree.follow(event);
      if (event.kind === 'signal') fitness.addSignal(event);
      if (event.kind !== 'syscall') return;
      const process = tree.of(event);
      const [uses, concerns] = [usesPaths(event.name), concernsFitness(event.name)];
      if (!uses && !concerns && !CHANGES.has(event.name)) return;
      if (event.name === 'mmap' && !event.args.includes('</')) return;
      const args = splitArguments(event.args);
      learnDirectory(args, process);
      if (concerns) fitness.add(event, args, process);
      if (event.name === 'connect') network.add(event, args);
      if (uses) for (const use of pathUses(event, args, process.surroundings)) touches.add(event, use);
      if (!CHANGES.has(event.name)) return;
      if (event.name.startsWith('exec')) spend(2 * event.args.length);
      followChange(event, args, process);
    },
    result() {
      const processes = tree.all.map(({ surroundings, confirmed, ...process }) => process);
      const { touched, failed } = touches;
      return { touched, failed, processes, facts: fitness.facts, connections: network.connections };
    },
  };
}
