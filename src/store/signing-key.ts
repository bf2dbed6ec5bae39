import { createHash, randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { UserError } from '../shared/failure.ts';
import { makeUpwards } from './directories.ts';
import { isAbsent } from './inside.ts';
import { createFile } from './write.ts';

/** The environment variable that gives the key, for machines that live shorter than the state. */
export const KEY_ENV = 'KRAFT_SLIM_STATE_KEY';

/** A shorter secret could be guessed from the state that it signs. In characters. */
const MIN_SECRET = 32;

/** Bytes of a key file: a key in hexadecimal, and a line break. */
const FILE_BYTES = 65;

/** Asking the disk for each line of a journal would take longer than to sign it. */
const known = new Map<string, Buffer>();

/**
 * The key that signs state: the user's secret, which lies outside of every catalog. It is made at first use, in
 * `$XDG_STATE_HOME/kraft-slim` (XDG Base Directory Specification), for the user alone.
 * @throws UserError `usage` for a secret in the environment that is too short; `refused` where another user may have
 * written the key, or it cannot be made.
 */
export function signingKey(): Buffer {
  const secret = process.env[KEY_ENV] ?? '';
  const path = keyPath();
  const from = secret === '' ? `file ${path}` : `secret ${secret}`;
  const key = known.get(from) ?? (secret === '' ? keyFromFile(path) : keyFromSecret(secret));
  known.set(from, key);
  return key;
}

function keyPath(): string {
  const home = process.env.XDG_STATE_HOME ?? '';
  return join(isAbsolute(home) ? home : join(homedir(), '.local/state'), 'kraft-slim', 'state-key');
}

function keyFromSecret(secret: string): Buffer {
  if (secret.length < MIN_SECRET) {
    throw new UserError('usage', `cannot sign state: ${KEY_ENV} has fewer than ${MIN_SECRET} characters`, {
      hint: 'make a secret with: openssl rand -hex 32',
    });
  }
  return createHash('sha256').update(secret).digest();
}

function keyFromFile(path: string): Buffer {
  try {
    const there = readKey(path);
    if (there !== null) return there;
    makeUpwards(dirname(path), 0o700);
    insistOnUser(lstatSync(dirname(path)), dirname(path));
    // another process may have been faster: then its key counts
    createFile(path, `${randomBytes(32).toString('hex')}\n`, { root: dirname(path), mode: 0o600 });
    const made = readKey(path);
    if (made === null) throw new Error('it is gone at once');
    return made;
  } catch (error) {
    if (error instanceof UserError && error.message.startsWith('cannot use the key')) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('refused', `cannot make the key ${path} that signs state: ${why}`, {
      hint: `set XDG_STATE_HOME to a directory that you can write, or ${KEY_ENV} to a secret`,
      cause: error,
    });
  }
}

/** null where there is none. */
function readKey(path: string): Buffer | null {
  let descriptor: number;
  try {
    if (lstatSync(path).isSymbolicLink()) throw cannotUse(path, 'it is a link');
    insistOnUser(lstatSync(dirname(path)), dirname(path));
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw cannotUse(path, 'it is not a regular file');
    insistOnUser(stats, path);
    if ((stats.mode & 0o077) !== 0) throw cannotUse(path, 'other users may read it');
    const bytes = Buffer.alloc(FILE_BYTES + 1);
    const text = bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0)).toString('latin1');
    if (!/^[0-9a-f]{64}\n$/.test(text)) throw cannotUse(path, 'it holds no key');
    return Buffer.from(text.trim(), 'hex');
  } finally {
    closeSync(descriptor);
  }
}

/** What another user may write, that user may have written. */
function insistOnUser({ uid, mode }: Stats, path: string): void {
  const user = process.getuid?.();
  if (user === undefined) return;
  if (uid !== user) throw cannotUse(path, `it belongs to the user ${uid}`);
  if ((mode & 0o022) !== 0) throw cannotUse(path, 'other users may write it');
}

function cannotUse(path: string, why: string): UserError {
  return new UserError('refused', `cannot use the key ${path} that signs state: ${why}`, {
    hint: 'remove it: kraft-slim then makes another key, and ignores the state of earlier runs',
  });
}
