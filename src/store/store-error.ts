import { UserError } from '../shared/failure.ts';

/** What the system says where nothing more can be written. */
const FULL: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: "the user's disk quota is used up",
  EROFS: 'the file system is read-only',
};

const DENIED: readonly string[] = ['EACCES', 'EPERM'];

/**
 * A failed write in words: `disk-full`, or `refused` without the right to write and over a directory; anything else stays
 * as it is. All that the store writes passes here.
 */
export function storeError(error: unknown, what: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const why = FULL[code];
  if (why !== undefined) {
    const hint = 'make room there, or name another directory by --state or TMPDIR';
    return new UserError('disk-full', `cannot write ${what}: ${why}`, { hint, cause: error });
  }
  if (code === 'EISDIR')
    return new UserError('refused', `cannot write ${what}: there is a directory in its place`, {
      cause: error,
    });
  if (!DENIED.includes(code)) return error;
  return new UserError('refused', `cannot write ${what}: permission is denied`, {
    hint: 'see who owns the file and its directory',
    cause: error,
  });
}
