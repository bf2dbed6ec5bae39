import { join } from 'node:path';
import type { RootfsUnit } from '../../entry/unit.ts';
import { messageOf, UserError } from '../../shared/failure.ts';
import { hashesAfter } from '../../slim/hashes-after.ts';
import type { EntryReport } from '../../slim/run-entry.ts';
import type { SlimEntryOptions } from '../../slim/slim-entry.ts';
import { readState, STATE_DIRECTORY, stateKeyOf, writeState } from '../../slim/state.ts';
import { applyChanges, guardOverwriting } from '../../slim/write.ts';
import { ownFilesOf } from '../../slim/written.ts';
import { checkAnswer } from './check-answer.ts';
import { readAnswer } from './message-schema.ts';

/**
 * Writes what a worker gives back, as if this machine had done the work: with the same guard, all or nothing, and only
 * over the bytes that the worker had before it. The worker is not believed: its message is read by its schema, its names
 * are checked, and what the tool wrote is remembered by the word of this machine. What is refused, or cannot be written,
 * becomes the entry's failure.
 */
export async function applyResult(
  unit: RootfsUnit,
  answer: unknown,
  options: SlimEntryOptions,
): Promise<EntryReport> {
  const { result, changes, state } = readAnswer(answer);
  await checkAnswer(unit, { result, changes, state }, options);
  if (options.dryRun || (changes.length === 0 && state === null)) return { result, changes, error: null };
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
      await writeState(stateDirectory, { ...state, written });
    }
    return { result, changes, error: null };
  } catch (error) {
    const code = error instanceof UserError && error.code === 'would-overwrite' ? error.code : 'internal';
    const failure = { status: 'failed', code, reason: messageOf(error), verified: false } as const;
    return { result: { ...result, ...failure, written: [], removed: [] }, changes: [], error };
  }
}
