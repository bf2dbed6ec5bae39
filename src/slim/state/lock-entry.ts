import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../shared/failure.ts';
import { openSpoolDirectory } from '../spools.ts';
import { lock } from './lock.ts';
import { hashOf } from './state.ts';

/** To write an entry takes a moment. */
const WAIT_MS = 60_000;

/**
 * Lets one run at a time write the files of an entry. The lock is beside the spools: it needs no state directory, and
 * a run that comes second sees what the first has written.
 */
export async function lockEntry(directory: string): Promise<AsyncDisposable> {
  const name = hashOf(await realpath(directory)).slice(0, 32);
  const busy = (owner: string) =>
    new UserError('would-overwrite', `cannot write ${directory}: process ${owner.split('/')[1]} writes it`, {
      hint: 'run the command again when the other run has ended',
    });
  return await lock(join(await openSpoolDirectory(), `entry-${name}.lock`), { busy, waitMs: WAIT_MS });
}
