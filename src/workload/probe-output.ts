import type { OutputProbe, ProbeKind } from './probe.ts';

/** The program itself is the probe: it has to end, as the baseline does, and print the same. */
export const outputProbe: ProbeKind<OutputProbe> = {
  describe: () => 'output and exit code',
  async ask(_, context) {
    const outOfTime = new Promise<null>((resolve) => {
      if (context.signal.aborted) resolve(null);
      context.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    const end = await Promise.race([context.ended, outOfTime]);
    if (end === null) return { status: null, text: null, fault: 'the program did not end in time' };
    return { status: `exit code ${end.exitCode}`, text: end.stdout, fault: null };
  },
};
