import type { CopiedPath } from '../dockerfile/copied-paths.ts';
import type { Arrival } from '../plan/layout.ts';
import { readsLinks } from '../plan/linked-arrivals.ts';
import { type Plan, planSlim } from '../plan/plan.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Promised } from '../shared/promises.ts';
import { addMissing } from './add-missing.ts';
import type { Baseline } from './case.ts';
import { type Finished, finish, keepsLinks } from './finish.ts';
import type { BaselineRequest, OpenedBaseline } from './open-baseline.ts';
import type { Oracle } from './oracle.ts';
import { withPlaceholders } from './placeholders.ts';
import { Misbehaviour } from './rebuild.ts';
import type { StageResult } from './result.ts';
import { stagingOf } from './root-list.ts';
import { type Searched, type SearchOptions, searchStage } from './search-stage.ts';
import { answerSecondLook, type LookedAt } from './second-look.ts';
import { toSeconds } from './stopwatch.ts';
import type { Workshop } from './workshop.ts';

export type SearchWishes = {
  /** The search that was asked for; null for none but where the result does not behave. */
  readonly search: SearchOptions | null;
  /** Put an empty file in the place of each that the app only looks up. */
  readonly placeholders: boolean;
};

/** A unit whose needs are found. */
export type AnalysedUnit = BaselineRequest & {
  /** As the marker says it. */
  readonly promise: Promised;
  /** What the COPY lines of a stage made by hand have copied; null for any other stage. */
  readonly copied: ReadonlyMap<ImagePath, CopiedPath> | null;
  readonly opened: OpenedBaseline;
  readonly compared: Baseline;
  readonly oracle: Oracle;
  readonly planned: readonly Arrival[];
  /** What the app looks for without needing it. */
  readonly indifferent: ReadonlySet<ImagePath>;
};

/** A verified result, and how stage 3 came to it. */
export type Ended = {
  readonly finished: Finished;
  /** null where no search was asked for and none was needed. */
  readonly searched: Pick<Searched, 'arrivals' | 'minimal' | 'held'> | null;
  readonly arrivals: readonly Arrival[];
  /** Runs besides the oracle's. */
  readonly runs: number;
};

/** Stage 3 where it is asked for, the result, and stage 3 again where that does not behave. */
export async function searchAndFinish(
  workshop: Workshop,
  analysed: AnalysedUnit,
  { search: wanted, placeholders }: SearchWishes,
): Promise<Ended> {
  const { opened, compared, planned, oracle, indifferent } = analysed;
  const { stopwatch, on, unit } = workshop;
  const subject = { ...compared, rootfs: opened.rootfs, clients: opened.subject.clients, planned, oracle };
  const search = async <T>(detail: string, work: () => Promise<T>): Promise<T> => {
    on({ type: 'step', entry: unit.name, step: 'search', detail });
    return await stopwatch.time('search', work);
  };
  const emptied = async (arrivals: readonly Arrival[]) => {
    if (!placeholders) return arrivals;
    if (opened.donors === null)
      return await search('looking for files that may be empty', () =>
        withPlaceholders(workshop, { ...subject, planned: arrivals }),
      );
    const message =
      'a stage that is rewritten in place has no line for an empty file: kraft-slim keeps all files whole';
    workshop.warn({ code: 'placeholder-impossible', message });
    return arrivals;
  };
  if (wanted !== null) {
    const searched = await search('looking for files that the app works without', () =>
      searchStage(workshop, subject, wanted),
    );
    const arrivals = await emptied(searched.arrivals);
    const finished = await finish(workshop, { ...analysed, arrivals, minimal: searched.minimal });
    return { finished, searched: { ...searched, arrivals }, arrivals, runs: 0 };
  }
  const finishOn = async (arrivals: readonly Arrival[]) => {
    const wished = { ...analysed, arrivals, minimal: 'none' } as const;
    return await answerSecondLook(workshop, wished, await finish(workshop, wished));
  };
  try {
    return { ...(await finishOn(await emptied(planned))), searched: null };
  } catch (error) {
    if (!(error instanceof Misbehaviour)) throw error;
    const linked = await finishLinked(workshop, analysed);
    if (linked !== null) return { ...linked, searched: null };
    const { arrivals, runs, held } = await search('looking for the missing files', () =>
      addMissing(workshop, { ...subject, indifferent }, error),
    );
    const looked = await finishOn(arrivals);
    return { ...looked, searched: { ...looked, minimal: 'none', held }, runs: runs + looked.runs };
  }
}

/**
 * The result with links as links, for an app that reads where a link leads: COPY lines make files of links, and a
 * stage that assembles the root does not. null where no stage can, where links are links already, or where the app
 * does not behave on that either.
 */
async function finishLinked(workshop: Workshop, analysed: AnalysedUnit): Promise<LookedAt | null> {
  const { opened, planned } = analysed;
  const { rootfs, donors, others } = opened;
  if (donors !== null || others.runtime !== null || !readsLinks(rootfs, planned)) return null;
  if ((await stagingOf(workshop.unit, rootfs)).kind === 'impossible') return null;
  const plain = { ...analysed, arrivals: planned, minimal: 'none' } as const;
  if (await keepsLinks(workshop, plain)) return null;
  const wished = { ...plain, linked: true } as const;
  try {
    return await answerSecondLook(workshop, wished, await finish(workshop, wished));
  } catch (error) {
    if (error instanceof Misbehaviour) return null;
    throw error;
  }
}

/** What stage 3 comes to in the result. */
export function searchResult(
  { rootfs }: OpenedBaseline,
  searched: Ended['searched'],
  { seconds }: Workshop['stopwatch'],
): StageResult {
  if (searched === null) return { name: 'search', files: null, bytes: null, passed: null, seconds: 0 };
  const { keptSize } = planOf({ rootfs }, searched.arrivals);
  return { name: 'search', ...keptSize, passed: true, seconds: toSeconds(seconds().search * 1000) };
}

/** The plan that keeps just what arrives. */
export function planOf({ rootfs }: Pick<OpenedBaseline, 'rootfs'>, arrivals: readonly Arrival[]): Plan {
  return planSlim(
    rootfs,
    arrivals.flatMap(({ path, reasons }) => reasons.map((reason) => ({ path, reason }))),
  );
}
