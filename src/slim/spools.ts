import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isNotFound } from '../shared/failure.ts';
import { isAlive } from '../shared/process.ts';

/** Where root file systems are spooled; a user's own, since others may not read what is in an image. */
const DIRECTORY = join(tmpdir(), `kraft-slim-${userInfo().username}`);

let count = 0;

/** A path for a new spool of this process. */
export async function newSpool(): Promise<string> {
  await mkdir(DIRECTORY, { recursive: true, mode: 0o700 });
  count += 1;
  return join(DIRECTORY, `${process.pid}-${count}.tar`);
}

/** Removes spools: all of them, or those of processes that were killed. Gives how many. */
export async function removeSpools(which: 'all' | 'abandoned'): Promise<number> {
  const names = await readdir(DIRECTORY).catch((error: unknown) => {
    if (isNotFound(error)) return [];
    throw error;
  });
  const meant = names.filter((name) => which === 'all' || !isAlive(Number.parseInt(name, 10)));
  await Promise.all(meant.map((name) => rm(join(DIRECTORY, name), { force: true })));
  if (which === 'all') await rm(DIRECTORY, { recursive: true, force: true });
  return meant.length;
}
