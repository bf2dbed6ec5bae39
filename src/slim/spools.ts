import { rmdirSync, rmSync } from 'node:fs';
import { lstat, mkdir, readdir, realpath, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isNotFound, UserError } from '../shared/failure.ts';
import { isAlive } from '../shared/process.ts';
import { scopeOfRun } from '../shared/scope.ts';

/** What a spool is called: the process that made it, and which of its spools it is. */
const SPOOL = /^\d+-\d+\.(?:tar|held)$/;

/** As often a directory that vanishes is made again: another run removes it where it is empty. */
const TRIES = 20;

let count = 0;

/**
 * A path for a new spool of this process.
 * @throws UserError where the directory of spools is not ours alone.
 */
export async function newSpool(): Promise<string> {
  const directory = await openSpoolDirectory();
  count += 1;
  return join(directory, `${process.pid}-${count}.tar`);
}

/**
 * The directory of spools, which stays as long as this process.
 * @throws UserError where it is not ours alone.
 */
export async function openSpoolDirectory(): Promise<string> {
  const directory = spoolDirectory();
  for (let tries = 1; ; tries += 1) {
    await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      // what else has the name is reported below
      if (error.code !== 'EEXIST') throw error;
    });
    try {
      if ((await requireOwn(directory)) && (await hold(directory))) break;
    } catch (error) {
      if (!isNotFound(error) || tries === TRIES) throw error;
    }
  }
  return directory;
}

/**
 * Makes a directory of this process where its spools are, which goes with them where the process is killed.
 * @throws UserError where the directory of spools is not ours alone.
 */
export async function makeWorkDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const made = await newSpool();
  await mkdir(made, { mode: 0o700 });
  return {
    path: await realpath(made),
    [Symbol.asyncDispose]: () => rm(made, { recursive: true, force: true }),
  };
}

/** Puts a file of this process into the directory, so that no other run finds it empty; it goes with the process. */
async function hold(directory: string): Promise<true> {
  const path = join(directory, `${process.pid}-0.held`);
  await writeFile(path, '', { flag: 'a', mode: 0o600 });
  if (!held.has(path)) process.once('exit', () => letGo(path));
  held.add(path);
  return true;
}

const held = new Set<string>();

function letGo(path: string): void {
  try {
    rmSync(path, { force: true });
    rmdirSync(dirname(path));
  } catch {
    // spools of other processes are in it
  }
}

/**
 * Removes the spools of processes that have ended, and with `all` the directory where it is empty then. A run that is
 * at work keeps its own. Gives how many.
 * @throws UserError where the directory of spools is not ours alone.
 */
export async function removeSpools(which: 'all' | 'abandoned'): Promise<number> {
  const directory = spoolDirectory();
  if (!(await requireOwn(directory))) return 0;
  const names = (await readdir(directory)).filter((name) => SPOOL.test(name));
  const meant = names.filter((name) => !isAlive(Number.parseInt(name, 10)));
  await Promise.all(meant.map((name) => rm(join(directory, name), { recursive: true, force: true })));
  if (which === 'all') await removeEmpty(directory);
  return meant.length;
}

/**
 * Where root file systems are spooled: for each user, since others may not read what is in an image, and named scope.
 */
function spoolDirectory(): string {
  const scope = scopeOfRun();
  return join(tmpdir(), `kraft-slim-${process.getuid?.() ?? 'user'}${scope.named ? `-${scope.name}` : ''}`);
}

/** Others may have made what has our name in a directory that all may write. Whether there is anything. */
async function requireOwn(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (found === undefined) return false;
  const refuse = (why: string) =>
    new UserError('usage', `cannot spool in ${directory}: ${why}`, {
      hint: 'remove it, or set TMPDIR to a directory that belongs to you',
    });
  if (!found.isDirectory()) throw refuse('it is not a directory');
  const uid = process.getuid?.();
  if (uid === undefined) return true;
  if (found.uid !== uid) throw refuse(`it belongs to the user ${found.uid}`);
  if ((found.mode & 0o077) !== 0) throw refuse('other users may use it');
  return true;
}

async function removeEmpty(directory: string): Promise<void> {
  await rmdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (!isNotFound(error) && error.code !== 'ENOTEMPTY') throw error;
  });
}
