import { messageOf, UserError } from '../shared/failure.ts';

/** Optional packages, which only `sweep --queue` and `worker` need. */
const PACKAGES: readonly string[] = ['bullmq', 'ioredis'];

/**
 * Loads a module that needs the packages of the queue.
 * @throws UserError `usage` where such a package is not installed.
 */
export async function loadQueue<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const [, name = ''] = /^Cannot find package '([^']+)'/.exec(messageOf(error)) ?? [];
    if (!PACKAGES.includes(name)) throw error;
    throw new UserError('usage', `cannot use a queue: the package ${name} is not installed`, {
      hint: 'install kraft-slim again, without --omit=optional',
      cause: error,
    });
  }
}
