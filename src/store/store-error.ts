import { diskFull } from '../shared/disk-full.ts';
import { UserError } from '../shared/failure.ts';

const DENIED: readonly string[] = ['EACCES', 'EPERM'];

/**
 * A failed write in words: `disk-full`, or `refused` without the right to write and over a directory; anything else
 * stays as it is. All that the store writes passes here.
 */
export function storeError(error: unknown, what: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const full = diskFull(error, what);
  if (full !== undefined) return full;
  if (code === 'EISDIR')
    return new UserError('refused', `cannot write ${what}: there is a directory in its place`, {
      cause: error,
    });
  if (!DENIED.includes(code)) return error;
  return new UserError('refused', `cannot write ${what}: permission is denied`, {
    hint: 'check the owner of the file and of its directory',
    cause: error,
  });
}
