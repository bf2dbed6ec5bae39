import { describeReason } from '../analysis/need.ts';
import { type Marker, readMarker } from '../dockerfile/marker.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { UserError } from '../shared/failure.ts';
import type { Promised } from '../shared/promises.ts';
import { describeCases } from './baseline/case.ts';
import { describeLook } from './finish/look-verdict.ts';
import { insistOnSize } from './max-bytes.ts';
import type { Slimmed } from './outcome.ts';
import { holdable, isHeldBy, narrowedWarning, promiseIn, promiseOf } from './promise.ts';
import { readUnitList } from './render/root-list.ts';
import { type EntryReport, type EntryTools, type Findings, type OpenedUnit, runEntry } from './run-entry.ts';
import { keptAsLongAsItCan, openMemory, shortMemory } from './search/oracle-memory.ts';
import type { SearchOptions } from './search/search-stage.ts';
import { slimUnit } from './slim.ts';
import { NOT_RUN, type Recall, recall, recalledFindings } from './state/recall.ts';
import { stateKeyOf, type UnitState } from './state/state.ts';
import { type VerifiedUnit, verifyUnit } from './verify-unit.ts';
import { hashesAfter } from './write/hashes-after.ts';
import { withUpgrades } from './write/upgrade.ts';
import { applyChanges, type FileChange, guardOverwriting } from './write/write.ts';
import { ownFiles } from './write/written.ts';

export type SlimEntryOptions = {
  /** Do all but write. */
  readonly dryRun: boolean;
  /** Overwrite also what git has nowhere. */
  readonly force: boolean;
  /** Analyse again what is unchanged. */
  readonly redo: boolean;
  /** Make a `Kraftfile` of an old `kraft.yaml`. */
  readonly upgrade: boolean;
  readonly askStages: boolean;
  /** The search that was asked for; null for none. */
  readonly search: SearchOptions | null;
  /** Put an empty file in the place of each that the app only looks up. */
  readonly placeholders: boolean;
  /** Refuse what the settings of the entry may otherwise ask for, see `withoutLeave`. */
  readonly untrusted: boolean;
  /** Where state lives; null for `.kraft-slim` at the catalog's root. */
  readonly stateDirectory: string | null;
};

/** Slims the entry at a path, unless it is as the tool left it. */
export async function slimEntry(
  path: string,
  options: SlimEntryOptions,
  tools: EntryTools,
): Promise<EntryReport> {
  return await runEntry(path, { ...tools, untrusted: options.untrusted }, async (opened) => {
    const list = await readUnitList(opened.unit);
    const marker = readMarker(opened.text, list);
    const promise = promiseOf(opened.unit, opened.config, options.search);
    opened.learn({ promise });
    const narrowed = narrowedWarning(marker, promise);
    if (narrowed !== null) opened.warn(narrowed);
    const past = await recall(opened, { ...options, promise }, tools);
    const isVisited = tools.visit !== undefined;
    if (!isVisited && past.holds && past.state !== undefined && isMeasured(opened, past.state)) {
      const findings = recalledFindings(past.state);
      insistOnSize(opened, findings.after);
      return { findings, changes: [] };
    }
    // only an analysis has a traced app to use
    const isRedone = options.redo || isVisited;
    if (marker?.intact && marker.aboveUnchanged && !isRedone && isEnough(marker, options, promise)) {
      const still = await stillHolds(opened);
      if (still !== undefined) return await asItWas(opened, still, { past, options, list, marker });
    }
    const { slimmed, changes } = await slimAndWrite(opened, { marker, list, past, promise }, options);
    const { promised, visited } = slimmed;
    const findings = slimmedFindings(slimmed, changes);
    return { findings, changes, promised, ...(visited === null ? {} : { visited }) };
  });
}

/** Whether a remembered result says how large it is, where the settings have a limit for that. */
function isMeasured({ config }: OpenedUnit, { result }: UnitState): boolean {
  return config.maxBytes === undefined || result.after !== null;
}

/**
 * Whether what was written is as small, and promises as much, as it is asked for by now; nothing is left to regain in
 * place.
 */
function isEnough(marker: Marker, { search }: SlimEntryOptions, promise: Promised): boolean {
  const isSearched = search === null || marker.fields?.minimal === '1-minimal';
  return isSearched && (marker.isInPlace || isHeldBy(marker, promise));
}

/** The part of a result about files. */
function describeChanges(changes: readonly FileChange[]): Pick<Findings, 'status' | 'written' | 'removed'> {
  return {
    status: changes.length === 0 ? 'unchanged' : 'slimmed',
    written: changes.filter(({ after }) => after !== null).map(({ name }) => name),
    removed: changes.filter(({ after }) => after === null).map(({ name }) => name),
  };
}

type Written = { readonly past: Recall; readonly list: string | null; readonly marker: Marker };

/** An entry that was rebuilt and probed and is as it was, with its old Kraftfiles upgraded where that is asked for. */
async function asItWas(
  opened: OpenedUnit,
  still: VerifiedUnit,
  { past, options, list, marker }: Written & { readonly options: SlimEntryOptions },
): Promise<{ findings: Findings; changes: readonly FileChange[] }> {
  const { unit, text } = opened;
  insistOnSize(opened, still.after);
  const changes = options.upgrade ? withUpgrades(unit, []) : [];
  const findings = { ...unchangedFindings(still), ...describeChanges(changes), promise: promiseIn(marker) };
  if (!options.dryRun) {
    const writing = {
      directory: unit.directory,
      root: unit.catalogRoot,
      lastWritten: {},
      force: options.force,
    };
    await applyChanges(changes, await guardOverwriting(changes, writing), writing);
    const { kept = null, missed = [], written = {} } = past.state ?? {};
    const ownHashes = { ...written, ...ownFiles(unit, { text, marker, list }) };
    const changed = changes.map(({ name }) => name);
    await past.remember(findings, { written: hashesAfter(changes, ownHashes), kept, missed, changed });
  }
  return { findings, changes };
}

/** Failures of a check that mean no more than that the entry has to be analysed again. */
const MOVED_ON = new Set(['verify-failed', 'build-failed', 'cmd-not-found']);

/** Whether what the tool wrote still holds; undefined where upstream, the context or the settings have moved on. */
async function stillHolds({ workshop, text }: OpenedUnit): Promise<VerifiedUnit | undefined> {
  try {
    const verified = await verifyUnit(await workshop(), text);
    return verified.missing.length + verified.unwanted.length === 0 ? verified : undefined;
  } catch (error) {
    if (error instanceof UserError && MOVED_ON.has(error.code)) return undefined;
    throw error;
  }
}

async function slimAndWrite(
  opened: OpenedUnit,
  { marker, list, past, promise }: Omit<Written, 'marker'> & { marker: Marker | null; promise: Promised },
  options: SlimEntryOptions,
): Promise<{ slimmed: Slimmed; changes: readonly FileChange[] }> {
  const { unit, config, text, workshop } = opened;
  const original = originalOf(text, marker);
  // a mistake in it is reported before the wait for an engine
  parseDockerfile(original, { file: unit.dockerfile, buildArgs: config.build.args });
  const ownHashes = ownFiles(unit, { text, marker, list });
  const lastWritten = { ...past.state?.written, ...ownHashes };
  const { directory, catalogRoot: root } = unit;
  const writing = { directory, root, lastWritten, force: options.force };
  const dockerfile: FileChange = { name: unit.dockerfile, before: text, after: text };
  // asked before the long work as well, so that a refusal comes early
  if (!options.dryRun) await guardOverwriting([dockerfile], writing);
  const rewritten = await slimUnit(await workshop(), original, {
    promise,
    held: holdable(marker, promise),
    askStages: options.askStages,
    search: options.search,
    placeholders: options.placeholders,
    memory: async () => {
      if (options.dryRun) return shortMemory();
      const memory = await openMemory(past.directory, stateKeyOf(unit), past.distrust).catch(past.notKept);
      return memory === undefined ? shortMemory() : keptAsLongAsItCan(memory, past.notKept);
    },
  });
  const slimmed = marker === null ? orAsItWas(rewritten, unit.dockerfile) : rewritten;
  insistOnSize(opened, slimmed.after);
  const changes = (options.upgrade ? withUpgrades(unit, slimmed.changes) : slimmed.changes)
    .map((change) => (change.name === unit.dockerfile ? { ...change, before: text } : change))
    .filter(({ before, after }) => before !== after && !(marker === null && isOnlyMarked(before, after)));
  if (!options.dryRun) {
    await applyChanges(changes, await guardOverwriting(changes, writing), writing);
    await past.remember(slimmedFindings(slimmed, changes), {
      written: hashesAfter(changes, lastWritten),
      kept: slimmed.plan.kept.map(({ path, reasons }) => ({ path, reasons: reasons.map(describeReason) })),
      missed: [...new Set(slimmed.missed.map(({ path }) => path))],
      changed: changes.map(({ name }) => name),
    });
  }
  opened.learn({ promise: holdable(marker, promise) });
  return { slimmed, changes };
}

/**
 * Of a stage made by hand, the stage as its author wrote it where the rewritten stage would be no smaller: many lines
 * in the place of the line of one directory, for no byte less, are no diff that a maintainer merges.
 */
export function orAsItWas(rewritten: Slimmed, dockerfile: string): Slimmed {
  const { before, after, changes } = rewritten;
  const text = changes.find(({ name }) => name === dockerfile)?.after ?? null;
  const isInPlace = text !== null && readMarker(text)?.isInPlace === true;
  if (!isInPlace || before === null || after.bytes < before.bytes) return rewritten;
  return { ...rewritten, after: before, changes: [] };
}

/**
 * Whether a rewriting adds nothing but the marker to a stage made by hand: of such a stage nothing can go, and a diff
 * of one comment line is not worth a maintainer's time.
 */
export function isOnlyMarked(before: string | null, after: string | null): boolean {
  if (before === null || after === null) return false;
  const marker = readMarker(after);
  return marker?.isInPlace === true && originalOf(after, marker) === before;
}

/**
 * What is analysed: the text above a generated stage; of one that was rewritten in place, all but the marker, since
 * nothing else is left of the original.
 */
export function originalOf(text: string, marker: Marker | null): string {
  if (marker === null) return text;
  return marker.isInPlace ? `${marker.above}${marker.stage}` : marker.above;
}

function slimmedFindings(slimmed: Slimmed, changes: readonly FileChange[]): Findings {
  const { cases, verdicts, before, after, memory, stages, search, repaired, secondLook } = slimmed;
  return {
    ...describeChanges(changes),
    ...describeCases(cases, verdicts),
    before,
    after,
    memory,
    stages,
    search,
    repaired,
    verified: true,
    secondLook: describeLook(secondLook),
  };
}

/** The findings of an entry that was rebuilt and probed, and not analysed. */
export function unchangedFindings(found: VerifiedUnit): Findings {
  const { cases, verdicts, before, after, memory, verified } = found;
  return {
    status: 'unchanged',
    ...describeCases(cases, verdicts),
    before,
    after,
    memory,
    stages: NOT_RUN,
    search: NO_SEARCH,
    verified,
  };
}

const NO_SEARCH = { oracleRuns: 0, cacheHits: 0, minimal: 'none', held: 0, implied: 0 } as const;
