import { setTimeout as sleep } from 'node:timers/promises';
import { startCli } from './cli.ts';
import { heldEngine } from './held-engine.ts';
import { startInTerminal } from './terminal.ts';

/** When and how a run of the command is killed. */
export type Kill = {
  readonly signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT';
  /** Whether the run has a terminal; Ctrl-C is typed there. */
  readonly terminal: boolean;
  /** The request to the engine at which it is killed, the first being 1. */
  readonly request: number;
  /** How long after that request was passed on. */
  readonly delayMs: number;
};

export type KilledRun = {
  /** Whether the run had ended before the moment came. */
  readonly tooLate: boolean;
  /** null where a signal ended the process, except below a terminal. */
  readonly exitCode: number | null;
  /** What the run printed last. */
  readonly text: string;
  /** How many requests it made to the engine. */
  readonly requests: number;
  /** How long it took to end after the signal. */
  readonly endedMs: number;
};

export type RunPlace = { readonly cwd: string; readonly env: Readonly<Record<string, string>> };

/** Runs the command, with a kill at its moment; null for none. */
export async function killRun(
  args: readonly string[],
  { cwd, env }: RunPlace,
  kill: Kill | null,
): Promise<KilledRun> {
  await using engine = await heldEngine();
  const place = { cwd, env: { ...env, DOCKER_HOST: engine.host } };
  const run = kill?.terminal ? inTerminal(args, place) : withoutTerminal(args, place);
  let isEnded = false;
  const ended = run.ended.finally(() => {
    isEnded = true;
  });
  const held = kill === null ? undefined : engine.hold(() => engine.asked.length >= kill.request);
  await Promise.race([held?.reached, ended].filter((moment) => moment !== undefined));
  held?.release();
  if (kill !== null && !isEnded) await Promise.race([sleep(kill.delayMs), ended]);
  const tooLate = isEnded;
  const begun = performance.now();
  if (kill !== null && !isEnded) await run.kill(kill.signal);
  const { exitCode, text } = await ended;
  return { tooLate, exitCode, text, requests: engine.asked.length, endedMs: performance.now() - begun };
}

type Started = {
  readonly kill: (signal: Kill['signal']) => Promise<void>;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly text: string }>;
};

function withoutTerminal(args: readonly string[], place: RunPlace): Started {
  const cli = startCli(args, place);
  const ended = cli.ended.then(({ exitCode, stdout, stderr }) => ({
    exitCode,
    text: `${stdout}\n${stderr}`,
  }));
  return { kill: async (signal) => cli.kill(signal), ended };
}

const CTRL_C = '\u0003';

function inTerminal(args: readonly string[], place: RunPlace): Started {
  const run = startInTerminal(args, place);
  const ended = run.ended.then(({ exitCode, screen }) => ({ exitCode, text: screen.lines.join('\n') }));
  const kill = async (signal: Kill['signal']) => {
    if (signal === 'SIGINT') run.type(CTRL_C);
    else process.kill(await run.pid(), signal);
  };
  return { kill, ended };
}
