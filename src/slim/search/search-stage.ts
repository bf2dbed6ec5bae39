import type { Reason } from '../../analysis/need.ts';
import type { Config } from '../../config/config-schema.ts';
import { type Arrival, assembleLayout, type Layout } from '../../plan/layout.ts';
import { defaultBudget } from '../../search/budget.ts';
import type { SearchResult } from '../../search/problem.ts';
import { search } from '../../search/search.ts';
import type { SearchOptions } from '../entry-options.ts';
import { isNamed } from '../find/given-needs.ts';
import type { WarningListener } from '../reporter.ts';
import { insistOnTrust, type Oracle, type OracleSubject } from './oracle.ts';
import { type SearchItem, searchItems } from './search-items.ts';

export type Searched = Pick<SearchResult, 'minimal' | 'held'> & {
  readonly arrivals: readonly Arrival[];
  readonly layout: Layout;
};

export type SearchSubject = OracleSubject & {
  /** What the analyses found, laid out. */
  readonly planned: readonly Arrival[];
  readonly oracle: Oracle;
  /** Globs of what the user wants gone. */
  readonly drop: Config['drop'];
  readonly budget: Config['budget'];
  readonly signal: AbortSignal;
};

/** Always the same, so that the same input gives the same bytes. */
const SEED = 1;

const NECESSARY: Reason = { kind: 'search' };

/**
 * Stage 3: which files the app was seen not to do without.
 * @throws UserError `baseline-unstable` or `workload-failed` where the oracle cannot be trusted.
 */
export async function searchStage(
  { warn }: WarningListener,
  { rootfs, planned: found, oracle, drop, budget, signal }: SearchSubject,
  { strategy, aggressive, maxRuns }: SearchOptions,
): Promise<Searched> {
  const items = searchItems({
    rootfs,
    planned: strategy === 'search-only' || strategy === 'coin-flip' ? found.filter(isAsked) : found,
    isHeld: (arrival) => isAsked(arrival) || (!aggressive && isGiven(arrival)),
    isDropped: (path) => isNamed(drop, rootfs, path),
  });
  const layoutOf = (indexes: Iterable<number>) =>
    assembleLayout(
      rootfs,
      [...indexes].flatMap((index) => (items[index] as SearchItem).arrivals),
    );
  const planned = [...items.keys()].filter((index) => items[index]?.traced === true);
  await insistOnTrust(oracle, { planned: layoutOf(planned), everything: () => layoutOf(items.keys()) });
  const { seconds, runs } = budget;
  const deadline = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000;
  const times = new Map<number, number>();
  const result = await search(strategy, {
    items,
    seed: SEED,
    maxRuns: maxRuns ?? runs ?? defaultBudget(items),
    stop: () => performance.now() > deadline,
    ask: async (kept) => {
      signal.throwIfAborted();
      const time = (times.get(kept.key) ?? 0) + 1;
      times.set(kept.key, time);
      return await oracle.ask(layoutOf(kept), time);
    },
  });
  if (result.lies > 0) {
    const message = `${result.lies} answers of the search contradict other answers: the app does not behave the same each time`;
    warn({ code: 'oracle-contradicted', message });
  }
  const isProven = result.minimal === '1-minimal';
  const arrivals = result.kept.flatMap((index) => {
    const { arrivals: arriving, held } = items[index] as SearchItem;
    return held || !isProven
      ? arriving
      : arriving.map((keptArrival) => ({ ...keptArrival, reasons: [...keptArrival.reasons, NECESSARY] }));
  });
  const layout = assembleLayout(rootfs, arrivals);
  const held = new Set(items.flatMap((item) => (item.held ? item.arrivals.map(({ path }) => path) : [])));
  return {
    minimal: strategy === 'grow' ? 'none' : result.minimal,
    // a directory that is not empty is there for what is in it
    held: layout.entries.filter(
      (entry) => held.has(entry.path) && (entry.type !== 'directory' || entry.isEmpty),
    ).length,
    arrivals,
    layout,
  };
}

function isAsked({ reasons }: Arrival): boolean {
  return reasons.some(({ kind }) => kind === 'asked');
}

/** Held by a rule or by the promise, or put in by the author. */
function isGiven({ reasons }: Arrival): boolean {
  return reasons.some(({ kind }) => kind === 'rule' || kind === 'promise' || kind === 'build-context');
}
