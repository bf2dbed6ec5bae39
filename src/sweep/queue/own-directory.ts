import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { readUnit } from '../../entry/read-unit.ts';
import { isNotFound, UserError } from '../../shared/failure.ts';
import { writableNames } from '../../slim/write/writable-names.ts';

/**
 * Makes sure that the work on an entry stays in a worker's directory: a peer chose the entry's path and every file
 * there, and a link or a name in a Kraftfile can lead to any directory of this host.
 * @throws UserError `refused`; whatever `readUnit` throws.
 */
export async function insistInside(root: string, path: string): Promise<void> {
  const top = await realpath(root);
  await insist(top, path);
  const unit = await readUnit(path);
  for (const place of [
    unit.catalogRoot,
    unit.directory,
    ...unit.kraftfiles.map((kraftfile) => kraftfile.path),
  ])
    await insist(top, place);
  if (!('dockerfile' in unit)) return;
  await insist(top, unit.context);
  for (const name of writableNames(unit, { upgrade: true }).keys())
    await insist(top, join(unit.directory, name));
}

/** A path that is not there is judged by its name, since the work may write to it. */
async function insist(top: string, path: string): Promise<void> {
  const real = await realpath(path).catch((error: unknown) => {
    if (isNotFound(error)) return path;
    throw error;
  });
  const way = relative(top, real);
  if (way !== '..' && !way.startsWith(`..${sep}`)) return;
  throw new UserError(
    'refused',
    `cannot work on ${JSON.stringify(relative(top, path).slice(0, 200))}: it leads out of the directory of this worker`,
  );
}
