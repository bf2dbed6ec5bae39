import { expect, test } from 'vitest';
import type { ProbeContext } from '../../src/workload/probe.ts';
import { outputProbe } from '../../src/workload/probe-output.ts';

const PROBE = { kind: 'output', expect: null } as const;
const never = new Promise<never>(() => undefined);
const ask = (context: Pick<ProbeContext, 'ended' | 'signal'>) =>
  outputProbe.ask(PROBE, { connect: () => never, ...context });

test('the answer is the exit code and what was printed', async () => {
  const ended = Promise.resolve({ exitCode: 3, stdout: 'Hello\n' });
  expect(await ask({ ended, signal: AbortSignal.timeout(1000) })).toEqual({
    status: 'exit code 3',
    text: 'Hello\n',
    fault: null,
  });
});

test.each([
  ['in time', AbortSignal.timeout(20)],
  ['before time was up already', AbortSignal.abort()],
])('a program that does not end %s is at fault', async (_, signal) => {
  expect(await ask({ ended: never, signal })).toEqual({
    status: null,
    text: null,
    fault: 'the program did not end in time',
  });
});
