import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Makes a directory for state where there is none; one that is made hides itself from git. */
export async function openStateDirectory(directory: string): Promise<void> {
  const isOurs = (await mkdir(directory, { recursive: true })) !== undefined;
  // a directory that was there before is the user's, and so is what git ignores in it
  if (isOurs) await writeFile(join(directory, '.gitignore'), '*\n');
}

/** Writes a file of the state directory as a whole or not at all; `name` is its path in there. */
export async function writeStateFile(directory: string, name: string, text: string): Promise<void> {
  const path = join(directory, name);
  await openStateDirectory(directory);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
