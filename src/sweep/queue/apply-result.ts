import { join } from 'node:path';
import type { RootfsUnit } from '../../entry/unit.ts';
import { diskFull } from '../../shared/disk-full.ts';
import { messageOf, UserError } from '../../shared/failure.ts';
import type { SlimEntryOptions } from '../../slim/entry-options.ts';
import type { Result, Warning } from '../../slim/result.ts';
import { type EntryReport, failureCodeOf } from '../../slim/run-entry.ts';
import { stateNotKept } from '../../slim/state/recall.ts';
import { readState, STATE_DIRECTORY, stateKeyOf, writeState } from '../../slim/state/state.ts';
import { hashesAfter } from '../../slim/write/hashes-after.ts';
import { applyChanges, guardOverwriting } from '../../slim/write/write.ts';
import { ownFilesOf } from '../../slim/write/written.ts';
import { checkAnswer } from './check-answer.ts';
import { readAnswer } from './message-schema.ts';

/**
 * Writes what a worker gives back, as if this machine had done the work: with the same guard, all or nothing, and
 * only over the bytes that the worker had before it. The worker is not believed: its message is read by its schema,
 * its names are checked, and what the tool wrote is remembered by the word of this machine. What is refused, or
 * cannot be written, becomes the entry's failure.
 */
export async function applyResult(
  unit: RootfsUnit,
  answer: unknown,
  options: SlimEntryOptions,
): Promise<EntryReport> {
  const { result, changes, state } = readAnswer(answer);
  await checkAnswer(unit, { result, changes, state }, options);
  if (options.dryRun || (changes.length === 0 && state === null)) return { result, changes, error: null };
  const warnings: Warning[] = [];
  const stateDirectory = options.stateDirectory ?? join(unit.catalogRoot, STATE_DIRECTORY);
  try {
    const last = await readState(stateDirectory, stateKeyOf(unit)).catch(() => undefined);
    const lastWritten = { ...last?.written, ...(await ownFilesOf(unit)) };
    const { directory, catalogRoot: root } = unit;
    const writing = { directory, root, lastWritten, force: options.force };
    await applyChanges(changes, await guardOverwriting(changes, writing), writing);
    if (state !== null) {
      // a hash that a worker makes up would let a later run overwrite what the user wrote
      const written = hashesAfter(changes, lastWritten);
      // the files are written by now, whatever becomes of the state
      await writeState(stateDirectory, { ...state, written }).catch((error: unknown) =>
        warnings.push(stateNotKept(error)),
      );
    }
    return { result: { ...result, warnings: [...result.warnings, ...warnings] }, changes, error: null };
  } catch (thrown) {
    const error = diskFull(thrown) ?? thrown;
    return { result: { ...result, ...failureOf(error) }, changes: [], error };
  }
}

/** What the result of an entry says where its files cannot be written. */
function failureOf(error: unknown): Partial<Result> {
  return {
    status: 'failed',
    code: failureCodeOf(error),
    reason: messageOf(error),
    hint: error instanceof UserError ? error.hint : null,
    verified: false,
    written: [],
    removed: [],
  };
}
