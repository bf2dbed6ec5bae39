import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { readUnit } from '../entry/read-unit.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { VERSION } from '../shared/version.ts';
import type { SlimEntryOptions } from '../slim/entry-options.ts';
import { emptyResult, type Result } from '../slim/result.ts';
import type { EntryReport } from '../slim/run-entry.ts';
import { digestOf, inputsOf } from '../slim/state/inputs.ts';
import { lock } from '../slim/state/lock.ts';
import { STATE_DIRECTORY } from '../slim/state/state.ts';
import { openStateDirectory } from '../store/state-file.ts';
import type { CatalogEntry } from './catalog-entry.ts';
import { dependentsAmong } from './dependents.ts';
import { discoverEntries } from './discover.ts';
import type { SweepListener } from './event.ts';
import { type Journal, openJournal } from './journal.ts';
import { schedule } from './schedule.ts';
import { type ClassFilter, insistOnClasses, isFiltered, selectEntries, workOrder } from './select.ts';
import { entriesOfShard, type Shard } from './shard.ts';

/** What a sweep is asked for. */
export type SweepRequest = {
  readonly catalogRoot: string;
  /** A directory from the root, of whose entries alone it is about; null for the root itself. */
  readonly below: string | null;
  readonly globs: readonly string[];
  /** Paths from the root; null where it does not matter what has changed. */
  readonly changed: readonly string[] | null;
  readonly classes: ClassFilter;
  readonly shard: Shard | null;
  /** Seconds by name; null where none are known. */
  readonly durations: ReadonlyMap<string, number> | null;
  readonly options: SlimEntryOptions;
  /** How many entries are worked on at once. */
  readonly jobs: number;
};

/** What an entry is worked on by: this machine, or others over a queue. */
export type Executor = AsyncDisposable & {
  readonly execute: (entry: CatalogEntry) => Promise<EntryReport>;
};

/** What an executor knows of the sweep that it works for. */
export type SweepContext = {
  /** See `Journal`; of a dry run one that no other has. */
  readonly sweep: string;
  readonly request: SweepRequest;
  /** All entries of the catalog, chosen or not. */
  readonly entries: readonly CatalogEntry[];
};

export type SweepTools = {
  readonly signal: AbortSignal;
  readonly on: SweepListener;
  readonly openExecutor: (context: SweepContext) => Promise<Executor>;
};

/**
 * Every entry that is asked for, in one run: found, chosen, worked on some at once, and each with a report, in byte
 * order of their names. One entry never ends the rest. A sweep that was interrupted is resumed: what it has finished
 * is not done again, unless it has changed since.
 */
export async function sweep(request: SweepRequest, tools: SweepTools): Promise<EntryReport[]> {
  const { signal, on } = tools;
  // every entry that waits listens to it
  setMaxListeners(0, signal);
  const entries = await discoverEntries(request.catalogRoot);
  const selected = selectEntries(entries, request);
  insistOnClasses(entries, request.classes);
  const inShard =
    request.shard === null ? selected : entriesOfShard(selected, request.shard, request.durations);
  const chosen = inShard.filter((entry) => !isFiltered(entry, request.classes));
  const reports = new Map<string, EntryReport>(
    inShard.flatMap((entry) => (chosen.includes(entry) ? [] : [[entry.id, filteredReport(entry)] as const])),
  );
  await using record = await openRecord(request, on);
  const { journal } = record;
  const unkept = reportUnkept(on);
  on({
    type: 'sweep-started',
    entries: chosen.length,
    resumed: journal !== null && journal.finished.size > 0,
  });
  {
    const sweepName = journal?.sweep ?? randomUUID();
    await using executor = await tools.openExecutor({ sweep: sweepName, request, entries });
    const workOn = async (entry: CatalogEntry) => {
      const earlier = await finishedEarlier(journal, entry, entries);
      if (earlier === null) on({ type: 'entry-started', entry: entry.name });
      const report = earlier ?? light(await executor.execute(entry), request.options);
      reports.set(entry.id, report);
      // what is done is not lost by a disk that is full
      if (earlier === null) await note(journal, entry, { entries, report }).catch(unkept);
      const from = earlier === null ? 'work' : 'journal';
      on({ type: 'entry-finished', entry: entry.name, from, result: report.result });
    };
    await schedule(workOrder(chosen, request.durations ?? undefined), workOn, { jobs: request.jobs, signal });
  }
  if (!signal.aborted) await journal?.end().catch(unkept);
  on({ type: 'sweep-ended', interrupted: signal.aborted });
  return inShard.flatMap(({ id }) => reports.get(id) ?? []);
}

/** Reports the first failure to write the journal; a later sweep does again what the journal lacks. */
function reportUnkept(on: SweepListener): (error: unknown) => void {
  let isReported = false;
  return (error) => {
    if (isReported) return;
    isReported = true;
    on({ type: 'notice', message: `cannot keep the journal of the sweep: ${messageOf(error)}` });
  };
}

/** The journal and its lock. A dry run writes nothing, and so has none. */
async function openRecord(
  request: SweepRequest,
  on: SweepListener,
): Promise<AsyncDisposable & { readonly journal: Journal | null }> {
  const { options, catalogRoot, shard } = request;
  if (options.dryRun) return NO_RECORD;
  const directory = options.stateDirectory ?? join(catalogRoot, STATE_DIRECTORY);
  const name = shard === null ? 'sweep' : `sweep-${shard.index}-of-${shard.count}`;
  if (!canKeepState(directory, options.stateDirectory, on)) return NO_RECORD;
  const held = await lockCatalog(join(directory, `${name}.lock`));
  try {
    const { stateDirectory: _, ...deciding } = options;
    const text = JSON.stringify([VERSION, deciding]);
    const journal = await openJournal(directory, {
      name,
      request: text,
      newName: randomUUID,
      onDistrust: (why) =>
        on({ type: 'notice', message: `kraft-slim ignores state of an earlier run: ${why}` }),
    });
    const dispose = async () => {
      await journal[Symbol.asyncDispose]();
      await held[Symbol.asyncDispose]();
    };
    return { journal, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

const NO_RECORD = { journal: null, [Symbol.asyncDispose]: async () => undefined };

/**
 * Whether there is a directory for state. A catalog may have a link or a file in its place, which must not stop the
 * sweep: then nothing is remembered. Where the user names the directory it has to work.
 */
function canKeepState(directory: string, named: string | null, on: SweepListener): boolean {
  try {
    openStateDirectory(directory);
    return true;
  } catch (error) {
    if (named !== null || !(error instanceof UserError) || error.code !== 'refused') throw error;
    const why = messageOf(error);
    on({ type: 'notice', message: `${why}; this sweep keeps no journal and cannot resume` });
    return false;
  }
}

/** Sees to it that one sweep alone writes a journal. */
async function lockCatalog(path: string): Promise<AsyncDisposable> {
  const busy = (owner: string) => {
    const [host, pid] = owner.split('/');
    return new UserError('usage', `cannot sweep: process ${pid} on ${host} is sweeping this catalog`, {
      hint: `wait for it, or remove ${path} if that process does not exist any more`,
    });
  };
  return await lock(path, { busy, signed: true });
}

function filteredReport({ name, class: kind }: CatalogEntry): EntryReport {
  const reason = 'its class is left out of this sweep';
  const result: Result = { ...emptyResult(name), class: kind, status: 'skipped', code: 'filtered', reason };
  return { result, changes: [], error: null };
}

async function finishedEarlier(
  journal: Journal | null,
  entry: CatalogEntry,
  entries: readonly CatalogEntry[],
): Promise<EntryReport | null> {
  const earlier = journal?.finished.get(entry.id);
  if (earlier === undefined || earlier.inputs === null) return null;
  const isSame = earlier.inputs === (await inputsDigest(entry, entries));
  return isSame ? { result: earlier.result, changes: [], error: null } : null;
}

/** What took no build is found again as quickly, and what was interrupted is not finished. */
async function note(
  journal: Journal | null,
  entry: CatalogEntry,
  { entries, report: { result } }: { entries: readonly CatalogEntry[]; report: EntryReport },
): Promise<void> {
  if (journal === null || result.code === 'interrupted' || result.seconds.build === 0) return;
  await journal.append(entry.id, { inputs: await inputsDigest(entry, entries), result });
}

async function inputsDigest(
  { path }: CatalogEntry,
  entries: readonly CatalogEntry[],
): Promise<string | null> {
  try {
    const unit = await readUnit(path);
    return 'dockerfile' in unit ? digestOf(await inputsOf(unit, dependentsAmong(entries))) : null;
  } catch {
    return null;
  }
}

/** A report without the texts of files, of which thousands would fill the memory; only a dry run shows them. */
function light(report: EntryReport, { dryRun }: SlimEntryOptions): EntryReport {
  return dryRun ? report : { ...report, changes: [] };
}
