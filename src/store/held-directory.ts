import { closeSync, constants, existsSync, openSync, readlinkSync } from 'node:fs';
import { plainPathWithin, refused } from './inside.ts';

/**
 * Does something in a directory that is held open, so that what is done there is done in the directory that was looked
 * at, whatever its path leads to by then.
 * @throws UserError `refused` where a link lies between the root and the directory.
 */
export function inDirectory<T>(
  directory: string,
  root: string,
  work: (at: string, descriptor: number) => T,
): T {
  const real = plainPathWithin(root, directory);
  if (real === null) {
    throw Object.assign(new Error(`cannot open ${directory}: it is not there`), { code: 'ENOENT' });
  }
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const descriptor = openSync(real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const held = `/proc/self/fd/${descriptor}`;
    if (!existsSync(held)) return work(real, descriptor);
    if (readlinkSync(held) !== real)
      throw refused(root, directory, 'it was moved while kraft-slim opened it');
    return work(held, descriptor);
  } finally {
    closeSync(descriptor);
  }
}
