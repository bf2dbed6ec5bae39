import { open, readFile, rm } from 'node:fs/promises';
import { isAbandoned, ownerOfThisProcess } from '../engine/ownership.ts';
import { isNotFound, UserError } from '../shared/failure.ts';

/**
 * Sees to it that one sweep alone writes a journal; disposing of it lets the next one in. A lock whose process was killed
 * counts for nothing.
 * @throws UserError `usage` where another one is at work.
 */
export async function lock(path: string): Promise<AsyncDisposable> {
  for (;;) {
    try {
      await using file = await open(path, 'wx');
      await file.writeFile(ownerOfThisProcess());
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = await readFile(path, 'utf8').catch((error: unknown) => {
      if (isNotFound(error)) return null;
      throw error;
    });
    if (owner === null) continue;
    // one that was killed before it wrote its name left an empty one
    if (owner !== '' && !isAbandoned(owner)) throw alreadySwept(path, owner);
    await rm(path, { force: true });
  }
}

function alreadySwept(path: string, owner: string): UserError {
  const [host, pid] = owner.split('/');
  return new UserError('usage', `cannot sweep: process ${pid} on ${host} sweeps this catalog already`, {
    hint: `wait for it, or remove ${path} where there is no such process any more`,
  });
}
