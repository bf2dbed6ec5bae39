import { describe, expect, test } from 'vitest';
import type { OutputProbe, ProbeContext } from '../../src/workload/probe.ts';
import { outputProbe } from '../../src/workload/probe-output.ts';

const PROBE: OutputProbe = { kind: 'output', ends: true, expect: null, expectExitCode: null };
const never = new Promise<never>(() => undefined);
const ask = (
  context: Pick<ProbeContext, 'ended' | 'signal'> & Partial<Pick<ProbeContext, 'exceeded'>>,
  probe = PROBE,
) => {
  const unused = { connect: () => never, runClient: () => never, readFile: () => never };
  return outputProbe.ask(probe, { exceeded: never, ...unused, ...context });
};

test('the answer is the exit code and what was printed', async () => {
  const ended = Promise.resolve({ exitCode: 3, stdout: 'Hello\n' });
  expect(await ask({ ended, signal: AbortSignal.timeout(1000) })).toEqual({
    status: 'exit code 3',
    text: 'Hello\n',
    fault: null,
  });
});

test.each([
  ['has ended', Promise.resolve({ exitCode: 0, stdout: 'cut' })],
  ['prints without end', never],
])('a program that has printed more than is compared and %s exceeds the limit at once', async (_, ended) => {
  const signal = new AbortController().signal;
  expect(await ask({ ended, exceeded: Promise.resolve(), signal })).toEqual({
    status: null,
    text: null,
    fault: 'the answer has more than 4,194,304 bytes',
    isTooLong: true,
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

describe('a program that must not end', () => {
  const lasting = { ...PROBE, ends: false };
  test('is running after two seconds, whatever it has printed', async () => {
    const begun = performance.now();
    const exceeded = Promise.resolve();
    const answer = await ask({ ended: never, exceeded, signal: new AbortController().signal }, lasting);
    expect(performance.now() - begun).toBeGreaterThan(1900);
    expect(answer).toEqual({ status: 'running', text: null, fault: null });
  });

  test('is at fault where it ends before', async () => {
    const ended = Promise.resolve({ exitCode: 0, stdout: 'bye' });
    expect(await ask({ ended, signal: new AbortController().signal }, lasting)).toEqual({
      status: null,
      text: null,
      fault: 'the program ended with exit code 0',
    });
  });
});
