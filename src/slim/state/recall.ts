import { join } from 'node:path';
import { messageOf } from '../../shared/failure.ts';
import type { Promised } from '../../shared/promises.ts';
import type { SlimEntryOptions } from '../entry-options.ts';
import { decidingOptions } from '../entry-options.ts';
import type { Findings, OpenedUnit } from '../opened-unit.ts';
import { emptyResult, type Warning } from '../result.ts';
import type { ResolveImage } from './fingerprint.ts';
import { fingerprintOf, rememberingImages } from './fingerprint.ts';
import { differOnlyIn, inputsOf } from './inputs.ts';
import { readState, STATE_DIRECTORY, stateKeyOf, type UnitState, writeState } from './state.ts';

/** What the tool remembers of a unit, and a way to remember more. */
export type Recall = {
  /** Where it is kept. */
  readonly directory: string;
  /** State is a help, not a condition: a run without it is whole, and a failure to keep it a warning. */
  readonly notKept: (error: unknown) => undefined;
  /** Hears of state that this user's key has not signed: it counts as absent, with a warning. */
  readonly distrust: (why: string) => void;
  /** Of the last verified run; undefined where there is none. */
  readonly state: UnitState | undefined;
  /**
   * Whether everything is as it was then, so that nothing has to be built or run to know that its result still holds.
   */
  readonly holds: boolean;
  /** Remembers a verified run and what is now written; a failure to do so is a warning. */
  readonly remember: (
    findings: Findings,
    what: Pick<UnitState, 'written' | 'kept' | 'missed'> & { readonly changed: readonly string[] },
  ) => Promise<void>;
};

export type RecallOptions = {
  readonly options: SlimEntryOptions;
  /** The promise that holds, by default or by the entry's settings; part of the fingerprint. */
  readonly promise: Promised;
};

/** Recalls a unit as it is at this moment: what changes while the work goes on is not taken for seen. */
export async function recall(
  opened: OpenedUnit,
  { options, promise }: RecallOptions,
  resolveImage: ResolveImage | undefined,
): Promise<Recall> {
  const { unit, dependentsOf } = opened.task;
  const { warn } = opened.reporter;
  const directory = options.stateDirectory ?? join(unit.catalogRoot, STATE_DIRECTORY);
  const notKept = (error: unknown) => {
    warn(stateNotKept(error));
    return undefined;
  };
  const distrust = (why: string) =>
    warn({ code: 'state-not-trusted', message: `kraft-slim ignores state of an earlier run: ${why}` });
  const state = await readState(directory, stateKeyOf(unit), distrust).catch(notKept);
  const resolve = rememberingImages(
    resolveImage ?? (async (reference) => (await opened.tools()).engine.resolveImage(reference)),
  );
  const deciding = { ...decidingOptions(options), promise };
  const inputs = await inputsOf(unit, dependentsOf).catch(() => null);
  const printOf = (of: NonNullable<typeof inputs>) =>
    fingerprintOf(unit, { inputs: of, options: deciding, resolve });
  const isKnown = inputs !== null && typeof state?.fingerprint === 'string';
  return {
    directory,
    notKept,
    distrust,
    state,
    holds: isKnown && !options.redo && (await printOf(inputs)) === state.fingerprint,
    async remember(findings, { changed, ...rest }) {
      // the files are written by now: whatever fails here fails the state alone
      const now = await inputsOf(unit, dependentsOf).catch(() => null);
      const isSame = inputs !== null && now !== null && differOnlyIn(unit, [inputs, now], changed);
      const last = state?.result ?? emptyResult(unit.name);
      const result = { ...last, ...opened.known(), ...findings };
      const fingerprint = isSame ? await printOf(now).catch(() => null) : null;
      const entry = stateKeyOf(unit);
      const next: UnitState = { schema: 'kraft-slim/state/1', entry, result, fingerprint, ...rest };
      await writeState(directory, next).catch(notKept);
    },
  };
}

/** What a result says where its files are written and what would be remembered of it is not. */
export function stateNotKept(error: unknown): Warning {
  return { code: 'state-not-kept', message: `cannot keep state: ${messageOf(error)}` };
}

/** The findings of an entry of which nothing has changed since its last verified run. */
export function recalledFindings({ result }: UnitState): Findings {
  const { launches, workload, before, after, runtime, memory, search, promise, secondLook } = result;
  const found = { promise, launches, workload, before, after, runtime, memory, secondLook, stages: NOT_RUN };
  const minimality = search === null ? null : { ...search, oracleRuns: 0, cacheHits: 0 };
  return { status: 'unchanged', ...found, search: minimality, verified: true };
}

/** The stages of a run that analyses nothing. */
export const NOT_RUN = (['static', 'dynamic', 'search'] as const).map((name) => ({
  name,
  files: null,
  bytes: null,
  passed: null,
  seconds: 0,
}));
