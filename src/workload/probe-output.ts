import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  AnswerTooLong,
  noAnswer,
  type OutputProbe,
  type ProbeContext,
  type ProbeKind,
} from './probe.ts';

/** How long a program that must not end is watched. */
const LASTING_MS = 2000;

/** The program itself is the probe: it has to end, as the baseline does, and print the same; or not to end. */
export const outputProbe: ProbeKind<OutputProbe> = {
  describe: ({ ends }) => (ends ? 'output and exit code' : 'still running'),
  ask: (probe, context) => (probe.ends ? askEnd(context) : askLasting(context)),
};

async function askEnd(context: ProbeContext): Promise<Answer> {
  const outOfTime = new Promise<null>((resolve) => {
    if (context.signal.aborted) resolve(null);
    context.signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const tooLong = context.exceeded.then(() => 'too long' as const);
  // a program that has ended may have printed too much before
  const ended = context.ended.then((end) => Promise.race([tooLong, end]));
  const end = await Promise.race([tooLong, ended, outOfTime]);
  if (end === 'too long') return noAnswer(new AnswerTooLong(), context.signal);
  if (end === null) return { status: null, text: null, fault: 'the program did not end in time' };
  return { status: `exit code ${end.exitCode}`, text: end.stdout, fault: null };
}

async function askLasting(context: ProbeContext): Promise<Answer> {
  const lasted = sleep(LASTING_MS, null, { signal: context.signal }).catch(() => null);
  const end = await Promise.race([context.ended, lasted]);
  if (end === null) return { status: 'running', text: null, fault: null };
  return { status: null, text: null, fault: `the program ended with exit code ${end.exitCode}` };
}
