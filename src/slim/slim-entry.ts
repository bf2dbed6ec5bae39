import { describeReason } from '../analysis/need.ts';
import { type Marker, readMarker } from '../dockerfile/marker.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { describeCases } from './baseline/case.ts';
import { changeOf, type ReadEntry } from './entry-change.ts';
import type { SlimEntryOptions } from './entry-options.ts';
import type { FileChange } from './file-change.ts';
import { describeLook } from './finish/look-verdict.ts';
import { insistOnSize } from './max-bytes.ts';
import type { Findings } from './opened-unit.ts';
import type { Slimmed } from './outcome.ts';
import { holdable, narrowedWarning, promiseIn, promiseOf } from './promise.ts';
import { type EntryReport, type EntryTools, runEntry } from './run-entry.ts';
import { keptAsLongAsItCan, type OracleMemory, openMemory, shortMemory } from './search/oracle-memory.ts';
import { slimUnit } from './slim.ts';
import { NOT_RUN, recall, recalledFindings } from './state/recall.ts';
import { stateKeyOf } from './state/state.ts';
import { readUnitList } from './unit-texts.ts';
import type { VerifiedUnit } from './verify/verify-unit.ts';
import { asAuthored, originalOf } from './write/as-authored.ts';
import { hashesAfter } from './write/hashes-after.ts';
import { withUpgrades } from './write/upgrade.ts';
import { applyChanges, guardOverwriting } from './write/write.ts';
import { ownFiles } from './write/written.ts';

/** Slims the entry at a path, unless it is as the tool left it. */
export async function slimEntry(
  path: string,
  options: SlimEntryOptions,
  tools: EntryTools,
): Promise<EntryReport> {
  return await runEntry(path, { ...tools, untrusted: options.untrusted }, async (opened) => {
    const { task, text, reporter } = opened;
    const list = await readUnitList(task.unit);
    const marker = readMarker(text, list);
    const promise = promiseOf(task.unit, task.config, options.search);
    reporter.learn({ promise });
    const narrowed = narrowedWarning(marker, promise);
    if (narrowed !== null) reporter.warn(narrowed);
    const past = await recall(opened, { options, promise }, tools.resolveImage);
    const entry: ReadEntry = { ...opened, options, promise, list, marker, past };
    const change = await changeOf(entry, { isVisited: tools.visit !== undefined });
    switch (change.kind) {
      case 'nothing': {
        const findings = recalledFindings(change.state);
        insistOnSize(opened, findings.after);
        return { findings, changes: [] };
      }
      case 'nothing-built':
        return await asItWas(entry, change.marker, change.verified);
      case 'something': {
        const { slimmed, changes } = await slimAndWrite(entry);
        const { promised, visited } = slimmed;
        const findings = slimmedFindings(slimmed, changes);
        return { findings, changes, promised, ...(visited === null ? {} : { visited }) };
      }
    }
  });
}

/** The part of a result about files. */
function describeChanges(changes: readonly FileChange[]): Pick<Findings, 'status' | 'written' | 'removed'> {
  return {
    status: changes.length === 0 ? 'unchanged' : 'slimmed',
    written: changes.filter(({ after }) => after !== null).map(({ name }) => name),
    removed: changes.filter(({ after }) => after === null).map(({ name }) => name),
  };
}

/** An entry that was rebuilt and probed and is as it was, with its old Kraftfiles upgraded where that is asked for. */
async function asItWas(
  entry: ReadEntry,
  marker: Marker,
  still: VerifiedUnit,
): Promise<{ findings: Findings; changes: readonly FileChange[] }> {
  const { task, text, list, past, options } = entry;
  const { unit } = task;
  insistOnSize(entry, still.after);
  const changes = options.upgrade ? withUpgrades(unit, []) : [];
  const findings = { ...unchangedFindings(still), ...describeChanges(changes), promise: promiseIn(marker) };
  if (!options.dryRun) {
    await writeChanges(entry, changes, {});
    const { kept = null, missed = [], written = {} } = past.state ?? {};
    const ownHashes = { ...written, ...ownFiles(unit, { text, marker, list }) };
    const changed = changes.map(({ name }) => name);
    await past.remember(findings, { written: hashesAfter(changes, ownHashes), kept, missed, changed });
  }
  return { findings, changes };
}

async function slimAndWrite(entry: ReadEntry): Promise<{ slimmed: Slimmed; changes: readonly FileChange[] }> {
  const { task, text, list, marker, past, promise, options, reporter } = entry;
  const { unit, config } = task;
  const original = originalOf(text, marker);
  // a mistake in it is reported before the wait for an engine
  parseDockerfile(original, { file: unit.dockerfile, buildArgs: config.build.args });
  const lastWritten = { ...past.state?.written, ...ownFiles(unit, { text, marker, list }) };
  const dockerfile: FileChange = { name: unit.dockerfile, before: text, after: text };
  // asked before the long work as well, so that a refusal comes early
  if (!options.dryRun) await guardOverwriting([dockerfile], writingOf(entry, lastWritten));
  const held = holdable(marker, promise);
  const rewritten = await slimUnit(await entry.tools(), reporter, {
    task,
    original,
    options: { ...options, promise, held, memory: () => memoryOf(entry) },
  });
  const slimmed = marker === null ? asAuthored(rewritten, unit.dockerfile) : rewritten;
  insistOnSize(entry, slimmed.after);
  const changes = (options.upgrade ? withUpgrades(unit, slimmed.changes) : slimmed.changes)
    .map((change) => (change.name === unit.dockerfile ? { ...change, before: text } : change))
    .filter(({ before, after }) => before !== after);
  if (!options.dryRun) {
    await writeChanges(entry, changes, lastWritten);
    await past.remember(slimmedFindings(slimmed, changes), {
      written: hashesAfter(changes, lastWritten),
      kept: slimmed.plan.kept.map(({ path, reasons }) => ({ path, reasons: reasons.map(describeReason) })),
      missed: [...new Set(slimmed.missed.map(({ path }) => path))],
      changed: changes.map(({ name }) => name),
    });
  }
  reporter.learn({ promise: held });
  return { slimmed, changes };
}

/** What the oracle was asked in earlier runs; a dry run, and a state that cannot be opened, remember only this run. */
async function memoryOf({ options, past, task }: ReadEntry): Promise<OracleMemory> {
  if (options.dryRun) return shortMemory();
  const { directory, distrust, notKept } = past;
  const memory = await openMemory(directory, stateKeyOf(task.unit), distrust).catch(notKept);
  return memory === undefined ? shortMemory() : keptAsLongAsItCan(memory, notKept);
}

/** How files of an entry are written. */
function writingOf({ task: { unit }, options }: ReadEntry, lastWritten: Readonly<Record<string, string>>) {
  return { directory: unit.directory, root: unit.catalogRoot, lastWritten, force: options.force };
}

async function writeChanges(
  entry: ReadEntry,
  changes: readonly FileChange[],
  lastWritten: Readonly<Record<string, string>>,
): Promise<void> {
  const writing = writingOf(entry, lastWritten);
  await applyChanges(changes, await guardOverwriting(changes, writing), writing);
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
