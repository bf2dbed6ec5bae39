import { setTimeout as sleep } from 'node:timers/promises';
import { timeLimit } from '../shared/time-limit.ts';
import { unlessAborted } from '../shared/unless-aborted.ts';
import type { Program } from './program.ts';
import type { Sidecar } from './sidecar.ts';
import { holdsText } from './text.ts';

/** How often a program is looked at. */
const POLL_MS = 20;

/** What a program has to do before it is asked. */
export type Condition = {
  readonly ports: readonly number[];
  /** UDP ports that have to be bound. */
  readonly udpPorts?: readonly number[];
  /** A text that it has to print, on either channel; null for none. */
  readonly line: string | null;
};

export type Waiting = {
  readonly program: Program;
  /** Whose network the ports are in. */
  readonly sidecar: Pick<Sidecar, 'listening' | 'bound'>;
  readonly limitMs: number;
  readonly signal: AbortSignal;
};

/**
 * Waits until a program is ready, has ended, or time is up: null where it is ready, else what has not come, in
 * words (`no program listened on port 80`).
 * @throws the signal's reason; AppLimitExceeded where the program exceeded a limit.
 */
export async function untilReady(condition: Condition, waiting: Waiting): Promise<string | null> {
  const { program, signal, limitMs } = waiting;
  const within = AbortSignal.any([signal, timeLimit(limitMs)]);
  let ended = false;
  const end = program.exit.then(() => {
    ended = true;
  });
  // the race hears it; a wait that the removal breaks after that is no fault
  end.catch(() => undefined);
  let lacking: string | null =
    lackOfPorts(condition.ports) ?? lackOfUdp(condition.udpPorts ?? []) ?? lackOfLine(condition, program);
  while (lacking !== null) {
    // what it printed last may come behind the word that it ended
    const isOver = ended;
    if (isOver) await program.output.ended;
    const found = await lackOf(condition, waiting, within).catch((error: unknown) => {
      signal.throwIfAborted();
      if (!within.aborted) throw error;
      return lacking;
    });
    lacking = found;
    if (isOver || within.aborted) break;
    if (lacking !== null) await Promise.race([sleep(POLL_MS), end]);
  }
  signal.throwIfAborted();
  if (lacking !== null) await unlessAborted(program.checkLimits(), signal);
  return lacking;
}

async function lackOf(
  condition: Condition,
  { program, sidecar }: Waiting,
  signal: AbortSignal,
): Promise<string | null> {
  if (condition.ports.length > 0) {
    const listening = await sidecar.listening(signal);
    const lacking = lackOfPorts(condition.ports.filter((port) => !listening.has(port)));
    if (lacking !== null) return lacking;
  }
  const { udpPorts = [] } = condition;
  if (udpPorts.length > 0) {
    const bound = await sidecar.bound(signal);
    const lacking = lackOfUdp(udpPorts.filter((port) => !bound.has(port)));
    if (lacking !== null) return lacking;
  }
  return lackOfLine(condition, program);
}

function lackOfPorts(ports: readonly number[]): string | null {
  return ports.length === 0 ? null : `no program listened on port ${ports.join(', ')}`;
}

function lackOfUdp(ports: readonly number[]): string | null {
  return ports.length === 0 ? null : `no program received on UDP port ${ports.join(', ')}`;
}

function lackOfLine({ line }: Condition, { output }: Program): string | null {
  if (line === null || holdsText(output.stdout(), line) || holdsText(output.stderr(), line)) return null;
  return `${JSON.stringify(line)} was not printed`;
}
