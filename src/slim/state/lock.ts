import { randomUUID } from 'node:crypto';
import { constants, link, lstat, open, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNotFound, UserError } from '../../shared/failure.ts';
import { isAbandoned, ownerOfThisProcess } from '../../shared/process-owner.ts';
import { type SealedAs, seal, unseal } from '../../store/seal.ts';

/** What a lock file holds: a name that no other lock ever has, and the process. */
type Lock = { readonly token: string; readonly owner: string };

/** A lock file is a few hundred bytes; of any other only so much is read. */
const MAX_BYTES = 4096;

const TOKEN = /^[0-9a-f-]{36}$/;

const POLL_MS = 20;

export type LockOptions = {
  /** The error where a live process holds the lock; `owner` is as `ownerOfThisProcess` gives it. */
  readonly busy: (owner: string) => Error;
  /** How long a live holder is waited for. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
  /**
   * Whether the lock lies where a catalog can have it: then only a lock that the key of this user signed counts. A
   * stranger can commit the lock of a process of another host, which no run can call dead. Default false.
   */
  readonly signed?: boolean;
};

/**
 * Holds a lock until it is disposed of; at any moment at most one process does. The lock appears with its content by
 * link(2), which fails where the name is taken. A lock whose process was killed counts for nothing, and so does
 * whatever else has the name: a file of another content, a link, a pipe, a directory. A stranger may have committed
 * it, and what lies where locks lie is safe to delete. It is removed under a second lock, whose name holds the token
 * of the lock that it removes. That token never comes back, so a process that was slow removes no newer lock.
 * @throws what `busy` makes.
 */
export async function lock(
  path: string,
  { busy, waitMs = 0, signal, signed = false }: LockOptions,
): Promise<AsyncDisposable> {
  const ours: Lock = { token: randomUUID(), owner: ownerOfThisProcess() };
  const until = performance.now() + waitMs;
  for (;;) {
    if (await take(path, ours, signed)) {
      await removeLeftovers(path, signed);
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    }
    const held = await readLock(path, signed);
    if (held === null) continue;
    if (held.owner === null || isAbandoned(held.owner)) await removeStale(path, held.token, signed);
    else if (performance.now() >= until) throw busy(held.owner);
    else await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}

/** Whether the lock is ours now. */
async function take(path: string, ours: Lock, signed: boolean): Promise<boolean> {
  const aside = `${path}.${randomUUID()}.new`;
  const text = `${ours.token} ${ours.owner}`;
  await writeFile(aside, `${signed ? seal(text, sealOf(path)) : text}\n`, { flag: 'wx' });
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP') throw error;
    throw new UserError('usage', `cannot lock ${path}: its file system has no hard links`, {
      hint: 'keep state on another file system with --state DIR',
      cause: error,
    });
  } finally {
    await rm(aside, { force: true });
  }
}

/** Removes a lock that no live process holds, unless another process has done so. */
async function removeStale(path: string, token: string, signed: boolean): Promise<void> {
  // a live process that removes it is done at once
  const right = await lock(`${path}.${token}`, { busy: () => new StillRemoving(), signed }).catch(
    async (error) => {
      if (!(error instanceof StillRemoving)) throw error;
      await sleep(POLL_MS);
      return null;
    },
  );
  if (right === null) return;
  try {
    if ((await readLock(path, signed))?.token === token) await rm(path, { force: true, recursive: true });
  } finally {
    await right[Symbol.asyncDispose]();
  }
}

class StillRemoving extends Error {}

/** By the name of the lock alone: its directory may have several paths. What lies beside it begins with its name. */
function sealOf(path: string): SealedAs {
  return { kind: 'lock', key: basename(path).replace(/(?<=\.lock)\..*$/, '') };
}

/** The lock that is there, with a null owner where what is there is none of ours; null where there is nothing. */
async function readLock(
  path: string,
  signed: boolean,
): Promise<{ token: string; owner: string | null } | null> {
  try {
    const there = await lstat(path);
    if (!there.isFile()) return { token: `${there.ino}-${there.ctimeMs}`, owner: null };
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
    const text = buffer.toString('utf8', 0, bytesRead).trim();
    const said = signed ? (unseal(text, sealOf(path)) ?? '') : text;
    const [token = '', owner = ''] = said.split(' ');
    if (TOKEN.test(token) && owner.split('/').length === 5) return { token, owner };
    return { token: `${found.ino}-${found.ctimeMs}`, owner: null };
  } catch (error) {
    // between the two looks another process may have put something else there: the next look sees it
    if (isNotFound(error) || ['ELOOP', 'ENXIO'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return null;
    throw error;
  }
}

/**
 * What killed processes left beside the lock. The holder of the lock may remove it: the lock that it belongs to is
 * gone.
 */
async function removeLeftovers(path: string, signed: boolean): Promise<void> {
  const [directory, name] = [dirname(path), basename(path)];
  for (const found of await readdir(directory)) {
    if (!found.startsWith(`${name}.`)) continue;
    const left = await readLock(join(directory, found), signed).catch(() => null);
    if (left !== null && left.owner !== null && isAbandoned(left.owner)) {
      await rm(join(directory, found), { force: true });
    }
  }
}
