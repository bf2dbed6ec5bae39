import { chooseTracer } from '../../analysis/tracer.ts';
import { type Arrival, assembleLayout } from '../../plan/layout.ts';
import { UserError } from '../../shared/failure.ts';
import type { Baseline } from '../baseline/case.ts';
import { isNamed } from '../find/given-needs.ts';
import { lookUps, type RepairSubject, withRepaired } from '../search/repair.ts';
import { newSpool } from '../state/spools.ts';
import type { Workshop } from '../workshop.ts';
import { type Finished, type FinishRequest, finish } from './finish.ts';
import { type SecondLook, secondLookOf } from './look-verdict.ts';

export type LookedAt = {
  readonly finished: Finished;
  readonly arrivals: readonly Arrival[];
  /** Runs that this took, beside those of a result. */
  readonly runs: number;
};

/**
 * Where a result answers the second look differently from the full root file system: one round of repair, which adds
 * what a traced run on the result fails to find. What still differs is a warning, and changes nothing else.
 */
export async function answerSecondLook(
  workshop: Workshop,
  request: FinishRequest & Pick<RepairSubject, 'indifferent'>,
  finished: Finished,
): Promise<LookedAt> {
  const { arrivals, compared } = request;
  const first = { finished, arrivals, runs: 0 };
  const differing = finished.secondLook?.differing ?? [];
  if (differing.length === 0) return first;
  const round = await repairOnce(workshop, request, finished);
  const { finished: last } = round;
  warnOfDifferences(workshop, compared, last.secondLook);
  return round;
}

async function repairOnce(
  workshop: Workshop,
  request: FinishRequest & Pick<RepairSubject, 'indifferent'>,
  finished: Finished,
): Promise<LookedAt> {
  const { engine, config, signal, on, unit, stopwatch } = workshop;
  const { opened, compared, arrivals, indifferent } = request;
  const { rootfs, subject } = opened;
  const detail = 'adding what the second look lacks';
  on({ type: 'step', entry: unit.name, step: 'search', detail });
  const { tracer } = await chooseTracer(engine, { newSpool, signal });
  const traced = { ...compared, rootfs, clients: subject.clients, planned: arrivals, tracer, indifferent };
  const { seen, found: missed } = await stopwatch.time('search', () =>
    lookUps({ ...workshop, looks: true }, traced, assembleLayout(rootfs, arrivals)),
  );
  const found = missed.filter((path) => !isNamed(config.drop, rootfs, path));
  const again = secondLookOf(compared.cases, seen, compared.baseline);
  const kept = {
    finished: { ...finished, secondLook: inBoth(finished.secondLook, again) },
    arrivals,
    runs: 1,
  };
  if (found.length === 0 || kept.finished.secondLook?.differing.length === 0) return kept;
  try {
    const more = withRepaired(arrivals, found);
    const repaired = await finish(workshop, { ...request, arrivals: more });
    const isBetter = differencesIn(repaired) < differencesIn(kept.finished);
    return isBetter ? { finished: repaired, arrivals: more, runs: 1 } : kept;
  } catch (error) {
    // the result without these files behaves
    if (error instanceof UserError && error.code === 'verify-failed') return kept;
    throw error;
  }
}

function differencesIn({ secondLook }: Finished): number {
  return secondLook?.differing.length ?? 0;
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

function warnOfDifferences({ warn }: Workshop, { cases }: Baseline, look: SecondLook | null): void {
  for (const { launch } of cases) {
    const differing = look?.differing.filter(({ kraftfile }) => kraftfile === launch.kraftfile) ?? [];
    if (differing.length === 0) continue;
    const shown = differing.slice(0, SHOWN).map(({ title, why }) => `${title}: ${why}`);
    const more = differing.length > SHOWN ? [`${differing.length - SHOWN} more`] : [];
    const message = `${launch.kraftfile}: the result answers differently from the full root file system: ${[...shown, ...more].join('; ')}`;
    warn({ code: 'second-look-differs', message });
  }
}
