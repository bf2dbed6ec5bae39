import { type Arrival, assembleLayout } from '../../plan/layout.ts';
import type { Baseline } from '../baseline/case.ts';
import { tracerFor } from '../baseline/run-case.ts';
import { isNamed } from '../find/given-needs.ts';
import { type SecondLook, secondLookOf } from '../finish/look-verdict.ts';
import { type Attempt, isSuccess, type Success } from '../finish/rebuild.ts';
import type { AnalysedUnit } from '../plan/plan-unit.ts';
import type { Reporter, WarningListener } from '../reporter.ts';
import type { RunTools } from '../tools.ts';
import { lookUps, withRepaired } from './repair.ts';

/** A result whose apps got a second look. */
export type LookedAt = {
  readonly result: Success;
  /** Runs that this took, beside those of a result. */
  readonly runs: number;
};

export type LookRequest = {
  readonly analysed: AnalysedUnit;
  readonly result: Success;
  /** Lays out, renders and rebuilds other files. */
  readonly attempt: (arrivals: readonly Arrival[]) => Promise<Attempt>;
};

/**
 * Where a result answers the second look differently from the full root file system: one round of repair, which adds
 * what a traced run on the result fails to find. What still differs is a warning, and changes nothing else.
 */
export async function answerSecondLook(
  tools: RunTools,
  reporter: Reporter,
  request: LookRequest,
): Promise<LookedAt> {
  const { analysed, result } = request;
  if (differencesIn(result) === 0) return { result, runs: 0 };
  const repaired = await repairOnce(tools, reporter, request);
  warnOfDifferences(reporter, analysed.compared, repaired.comparison.secondLook);
  return { result: repaired, runs: 1 };
}

async function repairOnce(
  tools: RunTools,
  reporter: Reporter,
  { analysed, result, attempt }: LookRequest,
): Promise<Success> {
  const { request, opened, compared, indifferent } = analysed;
  const { drop, workload: settings } = request.task.config;
  const { arrivals, comparison } = result;
  const { rootfs, subject } = opened;
  reporter.step('search', 'adding what the second look lacks');
  const { tracer } = await tracerFor(tools);
  const { clients } = subject;
  const traced = { ...compared, rootfs, settings, clients, planned: arrivals, indifferent, drop };
  const layout = assembleLayout(rootfs, arrivals);
  const { seen, found: missed } = await reporter.time('search', () =>
    lookUps(tools, traced, { layout, tracer, looks: true }),
  );
  const found = missed.filter((path) => !isNamed(drop, rootfs, path));
  const again = secondLookOf(compared.cases, seen, compared.baseline);
  const secondLook = inBoth(comparison.secondLook, again);
  const kept = { ...result, comparison: { ...comparison, secondLook } };
  if (found.length === 0 || differencesIn(kept) === 0) return kept;
  const repaired = await attempt(withRepaired(arrivals, found));
  // a failing attempt counts for nothing: the result without these files behaves
  return isSuccess(repaired) && differencesIn(repaired) < differencesIn(kept) ? repaired : kept;
}

function differencesIn({ comparison }: Success): number {
  return comparison.secondLook?.differing.length ?? 0;
}

/** An answer that comes in one of two runs on the same files is no difference of these files. */
function inBoth(first: SecondLook | null, second: SecondLook | null): SecondLook | null {
  if (first === null) return null;
  const keyOf = ({ kraftfile, title }: SecondLook['differing'][number]) => `${kraftfile}\n${title}`;
  const keys = new Set(second?.differing.map(keyOf));
  return { ...first, differing: first.differing.filter((found) => keys.has(keyOf(found))) };
}

/** How many differences a message shows. */
const SHOWN = 3;

function warnOfDifferences({ warn }: WarningListener, { cases }: Baseline, look: SecondLook | null): void {
  for (const { launch } of cases) {
    const differing = look?.differing.filter(({ kraftfile }) => kraftfile === launch.kraftfile) ?? [];
    if (differing.length === 0) continue;
    const shown = differing.slice(0, SHOWN).map(({ title, why }) => `${title}: ${why}`);
    const more = differing.length > SHOWN ? [`${differing.length - SHOWN} more`] : [];
    const message = `${launch.kraftfile}: the result answers differently from the full root file system: ${[...shown, ...more].join('; ')}`;
    warn({ code: 'second-look-differs', message });
  }
}
