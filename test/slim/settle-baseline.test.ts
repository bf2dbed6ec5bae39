import { describe, expect, test } from 'vitest';
import type { Engine, ImageId } from '../../src/engine/engine.ts';
import type { Case } from '../../src/slim/baseline/case.ts';
import { settleBaseline } from '../../src/slim/baseline/settle-baseline.ts';
import type { SlimEvent } from '../../src/slim/event.ts';
import { OPEN_GATE } from '../../src/slim/gate.ts';
import { reporterOf } from '../../src/slim/reporter.ts';
import type { Warning } from '../../src/slim/result.ts';
import { startStopwatch } from '../../src/slim/stopwatch.ts';
import { judge } from '../../src/workload/judge.ts';
import { networkPool } from '../../src/workload/network-pool.ts';
import type { Probe } from '../../src/workload/probe.ts';
import type { Observation } from '../../src/workload/run-launch.ts';
import { USUAL, type Workload } from '../../src/workload/workload.ts';

const PROBE: Probe = { kind: 'output', ends: true, expect: null, expectExitCode: null };
const WORKLOAD: Workload = { source: 'readme', ports: [], probes: [PROBE], ...USUAL };

const printed = (text: string): Observation => ({
  ready: true,
  lacking: null,
  exit: { exitCode: 0, outOfMemory: false },
  startFault: null,
  answers: [{ probe: PROBE, answer: { text, status: 'exit code 0', fault: null } }],
  looked: [],
  lastOutput: text,
});

/** Settles two runs; `more` is what the runs after them print. */
async function settle(
  [first, second, ...more]: readonly [string, string, ...string[]],
  kind: 'alone' | 'under' = 'alone',
) {
  const events: SlimEvent[] = [];
  const warnings: Warning[] = [];
  let runs = 0;
  await using networks = networkPool();
  const reporter = reporterOf('library/a', {
    ...startStopwatch(),
    on: (event) => events.push(event),
    warn: (warning) => warnings.push(warning),
    learn: () => undefined,
  });
  const tools = {
    engine: {} as Engine,
    networks,
    signal: new AbortController().signal,
    gate: OPEN_GATE,
    runner: {
      run: async () => {
        runs += 1;
        return printed(more[runs - 1] ?? 'never');
      },
    },
  };
  const launch = { kraftfile: 'Kraftfile', argv: ['/app'], env: {} };
  const composition = { kind: 'alone' };
  const one = { launch, workload: WORKLOAD, composition, platform: {}, volumes: [] } as unknown as Case;
  const other = { ...one, composition: { kind: 'under' } } as unknown as Case;
  const subject = { image: 'sha256:0' as ImageId } as never;
  const settled = settleBaseline(tools, reporter, {
    current: kind === 'alone' ? one : other,
    seen: printed(second),
    baseline: printed(first),
    run: { subject },
  });
  return { settled: await settled, events, warnings, runs };
}

const judged = (settled: Observation | null, text: string) =>
  judge(WORKLOAD, printed(text), settled).fault?.message ?? null;

describe('two runs', () => {
  test('that print the same are the baseline, and no third is made', async () => {
    const { settled, runs } = await settle(['same', 'same']);
    expect(settled).toEqual(printed('same'));
    expect(runs).toBe(0);
  });

  test('that differ in a counter are a template, which a third run proves', async () => {
    const { settled, runs, events } = await settle(['hits 1 in all', 'hits 2 in all', 'hits 33 in all']);
    expect(runs).toBe(1);
    expect(judged(settled, 'hits 4711 in all')).toBeNull();
    expect(judged(settled, 'no hits at all')).toContain('came, but the baseline has');
    expect(events).toContainEqual({
      type: 'template',
      entry: 'library/a',
      kraftfile: 'Kraftfile',
      text: 'hits <decimal> in all',
    });
  });

  test('are unstable where the third does not fit', async () => {
    await expect(settle(['hits 1 in all', 'hits 2 in all', 'hits many in all'])).rejects.toThrow(
      expect.objectContaining({ code: 'baseline-unstable' }),
    );
  });

  test('that share a rate by chance are a template that the third run widens and a fourth proves', async () => {
    const { settled, runs, events } = await settle([
      'rate 1 of hits 1 in all',
      'rate 1 of hits 2 in all',
      'rate 3 of hits 3 in all',
      'rate 4 of hits 5 in all',
    ]);
    expect(runs).toBe(2);
    expect(judged(settled, 'rate 7 of hits 8 in all')).toBeNull();
    expect(judged(settled, 'rate of hits in all')).toContain('came, but the baseline has');
    expect(events.filter(({ type }) => type === 'template')).toEqual([
      {
        type: 'template',
        entry: 'library/a',
        kraftfile: 'Kraftfile',
        text: 'rate <decimal> of hits <decimal> in all',
      },
    ]);
  });

  test('are unstable where a fourth run differs from the wider template', async () => {
    const settling = settle([
      'a 1 is b 1 and c 1 in all of them',
      'a 1 is b 1 and c 2 in all of them',
      'a 1 is b 2 and c 3 in all of them',
      'a 2 is b 3 and c 4 in all of them',
      'a 3 is b 4 and c 5 in all of them',
    ]);
    await expect(settling).rejects.toThrow(expect.objectContaining({ code: 'baseline-unstable' }));
  });

  test('are unstable where a word differs', async () => {
    await expect(settle(['hello brave old world', 'hello brave new world'])).rejects.toThrow(
      expect.objectContaining({ code: 'baseline-unstable' }),
    );
  });

  test('of another entry that differ leave it out', async () => {
    const { settled, warnings } = await settle(['hello brave old world', 'hello brave new world'], 'under');
    expect(settled).toBeNull();
    expect(warnings.map(({ code }) => code)).toEqual(['dependent-left-out']);
  });
});
