import { UserError } from '../../shared/failure.ts';
import { timeLimit } from '../../shared/time-limit.ts';
import type { OutputProbe } from '../probe.ts';
import { outputProbe } from '../probe-output.ts';
import { endOf, type Program, StartError } from '../program.ts';
import type { Workload } from '../workload.ts';
import { LOOK_MS, type Looked } from './look.ts';

/** A case for which a program is run again, with another command line. */
export type Rerun = {
  readonly title: string;
  readonly argv: readonly string[];
  /** How long it may take; that of every case unless it says otherwise. */
  readonly limitMs?: number;
};

/** A file that no app has. */
const MISSING = '/kraft-slim/no-such-file';

const END: OutputProbe = { kind: 'output', ends: true, expect: null, expectExitCode: null };

/** The second look at a program that runs once; empty for all others. */
export function rerunsOf(
  argv: readonly string[],
  { ports, probes }: Pick<Workload, 'ports' | 'probes'>,
): readonly Rerun[] {
  const runsOnce = ports.length === 0 && probes.some((probe) => probe.kind === 'output' && probe.ends);
  return runsOnce ? [{ title: 'a missing file as its argument', argv: [...argv, MISSING] }] : [];
}

export type Running = {
  /** Starts the app with another command line. */
  readonly start: (argv: readonly string[]) => Promise<Program>;
  /** Hears of each program that has run again, before it is removed. */
  readonly ended: (program: Program) => Promise<void>;
  readonly signal: AbortSignal;
};

/** Runs a program again for each case; a case that cannot be started has no answer. */
export async function runAgain(
  reruns: readonly Rerun[],
  { start, ended, signal }: Running,
): Promise<readonly Looked[]> {
  const looked: Looked[] = [];
  for (const { title, argv, limitMs = LOOK_MS } of reruns) {
    try {
      await using program = await start(argv);
      const end = endOf(program, signal).then(({ exitCode }) => ({
        exitCode,
        stdout: program.output.stdout(),
      }));
      end.catch(() => undefined);
      const within = AbortSignal.any([signal, timeLimit(limitMs)]);
      const { exceeded } = program.output;
      const answer = await outputProbe.ask(END, { ...UNUSED, ended: end, exceeded, signal: within });
      signal.throwIfAborted();
      looked.push({ look: { title, before: null, probe: END }, answer });
      await ended(program);
    } catch (error) {
      if (!saysNothing(error)) throw error;
    }
  }
  return looked;
}

/** Whether only the second run failed, which takes nothing from the run before it. */
function saysNothing(error: unknown): boolean {
  return error instanceof StartError || (error instanceof UserError && error.code === 'limit-exceeded');
}

const refuse = () => Promise.reject(new Error('a program that runs again is only waited for'));
const UNUSED = { connect: refuse, runClient: refuse, readFile: refuse };
