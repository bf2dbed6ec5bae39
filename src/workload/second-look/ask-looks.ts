import { timeLimit } from '../../shared/time-limit.ts';
import type { PassingConnection } from '../connection-line.ts';
import type { ProbeContext } from '../probe.ts';
import { ask } from '../probe-kinds.ts';
import { LOOK_MS, type Look, type Looked } from './look.ts';

/** How long an app may take for one case where a client asks, whose container has to be made and started as well. */
const CLIENT_MS = 10_000;

/** An app that is silent for so many cases in a row until their time is up is not asked again. */
const MOST_SILENT = 2;

/** What the second look may use of a running app. */
export type LookContext = Omit<ProbeContext, 'signal'> & {
  /** Makes a separate connection, before the next `connect`. */
  readonly passBy: (connection: PassingConnection) => void;
  /** Whether the app still listens where it has to. */
  readonly lives: () => Promise<boolean>;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
};

/** Asks one case after the other until all are asked, or the app is dead or silent. */
export async function askLooks(looks: readonly Look[], context: LookContext): Promise<Looked[]> {
  const looked: Looked[] = [];
  let silent = 0;
  for (const look of looks) {
    const limit = timeLimit(look.probe.kind === 'client' ? CLIENT_MS : LOOK_MS);
    if (look.before !== null) context.passBy(look.before);
    const answer = await ask(look.probe, { ...context, signal: AbortSignal.any([context.signal, limit]) });
    context.signal.throwIfAborted();
    looked.push({ look, answer });
    silent = answer.fault !== null && limit.aborted ? silent + 1 : 0;
    if (silent === MOST_SILENT) break;
    if (answer.fault !== null && !(await context.lives())) break;
  }
  return looked;
}
