import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/shared/failure.ts';
import type { OutputProbe } from '../../../src/workload/probe.ts';
import { type Exit, type Program, StartError } from '../../../src/workload/program.ts';
import { type Rerun, rerunsOf, runAgain } from '../../../src/workload/second-look/run-again.ts';

const ENDS: OutputProbe = { kind: 'output', ends: true, expect: null, expectExitCode: null };

describe('a program is run again', () => {
  test('with a missing file as its last argument, where it runs once', () => {
    const [rerun, ...more] = rerunsOf(['/bin/cat', '/hello'], { ports: [], probes: [ENDS] });
    expect(rerun?.argv.slice(0, 2)).toEqual(['/bin/cat', '/hello']);
    expect(rerun?.argv).toHaveLength(3);
    expect(more).toEqual([]);
  });

  test('and not where it is a server, or has to go on', () => {
    expect(rerunsOf(['/app'], { ports: [80], probes: [ENDS] })).toEqual([]);
    expect(rerunsOf(['/app'], { ports: [], probes: [{ ...ENDS, ends: false }] })).toEqual([]);
  });
});

const RERUNS = [
  { title: 'first', argv: ['/app', 'a'] },
  { title: 'second', argv: ['/app', 'b'] },
];

/** Runs both again; the first cannot be started, where there is a reason, or ends so. */
async function answers(exit: Promise<Exit>, unstarted?: StartError, reruns: readonly Rerun[] = RERUNS) {
  exit.catch(() => undefined);
  const log: string[] = [];
  const looked = await runAgain(reruns, {
    async start([, word = '']) {
      if (word === 'a' && unstarted !== undefined) throw unstarted;
      const program: Partial<Program> = {
        output: {
          stdout: () => `said ${word}`,
          stderr: () => '',
          last: () => '',
          ended: Promise.resolve(),
          exceeded: new Promise(() => undefined),
        },
        exit: word === 'a' ? exit : Promise.resolve({ exitCode: 1, outOfMemory: false }),
        [Symbol.asyncDispose]: async () => void log.push(`remove ${word}`),
      };
      return program as Program;
    },
    ended: async () => void log.push('ended'),
    signal: new AbortController().signal,
  });
  return { log, answers: looked.map(({ look, answer }) => [look.title, answer.status, answer.text]) };
}

const SECOND = ['second', 'exit code 1', 'said b'];
const WELL: Promise<Exit> = Promise.resolve({ exitCode: 0, outOfMemory: false });

describe('a run again', () => {
  test('is an answer by its exit code and output, and is heard of before it is removed', async () => {
    const seen = await answers(WELL);
    expect(seen.answers).toEqual([['first', 'exit code 0', 'said a'], SECOND]);
    expect(seen.log).toEqual(['ended', 'remove a', 'ended', 'remove b']);
  });

  test('that cannot be started, or fills the disk, has no answer, and the next is made', async () => {
    expect((await answers(WELL, new StartError('no such file'))).answers).toEqual([SECOND]);
    const full = Promise.reject(new UserError('limit-exceeded', 'cannot run the app'));
    expect((await answers(full)).answers).toEqual([SECOND]);
  });

  test('that does not end in time has no answer, and the next is made', async () => {
    const seen = await answers(new Promise(() => undefined));
    expect(seen.answers).toEqual([['first', null, null], SECOND]);
  });

  test('has the time that its case allows', async () => {
    const start = performance.now();
    const [first, ...more]: readonly Rerun[] = RERUNS;
    const seen = await answers(new Promise(() => undefined), undefined, [
      { ...(first as Rerun), limitMs: 20 },
      ...more,
    ]);
    expect(seen.answers).toEqual([['first', null, null], SECOND]);
    expect(performance.now() - start).toBeLessThan(1500);
  });

  test('fails where the engine does', async () => {
    const gone = Promise.reject(new UserError('engine-absent', 'cannot reach the engine'));
    await expect(answers(gone)).rejects.toThrow('cannot reach the engine');
  });
});
