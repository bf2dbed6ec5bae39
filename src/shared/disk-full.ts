import { UserError } from './failure.ts';

/** What the system says where nothing more can be written, errno(3). */
const FULL: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: "the user's disk quota is used up",
  EROFS: 'the file system is read-only',
};

/**
 * A write that failed since the disk is full or read-only, as an error that the user can fix; undefined for any other
 * failure.
 * @param path what was written, where the error of Node does not name it
 */
export function diskFull(error: unknown, path?: string): UserError | undefined {
  const { code = '', path: named, cause } = (error ?? {}) as NodeJS.ErrnoException;
  const why = FULL[code];
  if (why === undefined)
    return error instanceof UserError || cause === undefined ? undefined : diskFull(cause, path);
  return new UserError('disk-full', `cannot write ${path ?? named ?? 'to the disk'}: ${why}`, {
    hint: 'make room there, or name another directory: TMPDIR for temporary files, --state for state',
    cause: error,
  });
}
