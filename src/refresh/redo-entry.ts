import { join } from 'node:path';
import { readMarker } from '../dockerfile/marker.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { slimAnew } from '../making/slim-anew.ts';
import type { FileChange } from '../slim/file-change.ts';
import type { EntryReport } from '../slim/run-entry.ts';
import { originalOf } from '../slim/write/as-authored.ts';
import { applyChanges, guardOverwriting, type WriteOptions } from '../slim/write/write.ts';
import { readText } from '../store/read.ts';
import {
  type Acted,
  concludeEntry,
  failedAct,
  insistOnBases,
  pullBases,
  type RefreshTools,
  sideBefore,
} from './act.ts';
import { baseKey, basesOf } from './bases.ts';
import { movedFiles } from './make-version.ts';
import { moveVersion, type VersionMove } from './move-version.ts';
import type { OpenedEntry } from './open-entry.ts';
import type { RefreshAction, RefreshPlan } from './plan-refresh.ts';
import { emptyRefresh } from './report.ts';

/**
 * Does an entry again in its place, since what it builds on is another image now. Where a tag or a pin moves in its
 * files and the result cannot be verified, they are put back as they were.
 * @throws UserError `would-overwrite` where a file that is to move has changes that git has nowhere.
 */
export async function redoEntry(
  entry: OpenedEntry,
  { plan, action }: { plan: RefreshPlan; action: Extract<RefreshAction, { kind: 'redo' }> },
  tools: RefreshTools,
): Promise<Acted> {
  const { unit, stateDirectory, state, untrusted } = entry;
  const { directory, name } = unit;
  const [{ path }] = unit.kraftfiles;
  const edits = action.move === null ? [] : await editsOf(entry, action.move);
  const written = edits.find((edit) => edit.name === unit.dockerfile)?.after;
  if (written != null) insistOnPins(entry, written, plan);
  const writing = { directory, root: unit.catalogRoot, lastWritten: state?.written ?? {}, force: false };
  const outside = await guardOverwriting(edits, writing);
  const before = await sideBefore(entry, { pulls: false }, tools);
  await pullBases(name, plan.pulls, tools);
  await applyChanges(edits, outside, writing);
  let report: EntryReport | undefined;
  try {
    report = await slimAnew(path, { stateDirectory, force: edits.length > 0, untrusted }, tools);
  } finally {
    if (report?.result.status !== 'slimmed' && report?.result.status !== 'unchanged')
      await putBack(edits, writing);
  }
  if (!report.result.verified) return failedAct(name, plan, report);
  const changes = await concludeEntry(path, { before, plan, entry }, tools);
  const names = new Set([
    ...edits.map((edit) => edit.name),
    ...report.result.written,
    ...report.result.removed,
  ]);
  const done = { status: 'redone', bases: plan.bases, changes, result: report.result } as const;
  return {
    result: { ...emptyRefresh(name), ...done, written: [...names].map((file) => join(name, file)) },
    error: null,
  };
}

async function editsOf({ unit }: OpenedEntry, move: VersionMove): Promise<FileChange[]> {
  const edits: FileChange[] = [];
  for (const name of movedFiles(unit)) {
    const path = join(unit.directory, name);
    const before = readText(path, { root: unit.catalogRoot, kind: 'catalog file' });
    const after = before === null ? null : moveVersion(before, move);
    if (before !== null && after !== before) edits.push({ name, before, after });
  }
  return edits;
}

function insistOnPins({ unit, config }: OpenedEntry, text: string, plan: RefreshPlan): void {
  const original = originalOf(text, readMarker(text));
  const bases = basesOf(parseDockerfile(original, { file: unit.dockerfile, buildArgs: config.build.args }));
  insistOnBases(
    bases.map(baseKey),
    plan.pulls.map((reference) => ({ ...reference, digest: null })),
  );
}

async function putBack(edits: readonly FileChange[], writing: WriteOptions): Promise<void> {
  const reversed = edits.map(({ name, before, after }) => ({ name, before: after, after: before }));
  await applyChanges(reversed, [], writing);
}
