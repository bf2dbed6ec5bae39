import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Files } from '../support/catalog.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { CLEAN } from './clean-catalog.ts';

/** A folder, outside git, with the clean catalog and changes to it. */
export async function folderWith(changes: Files = {}): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory();
  const files = new Map(Object.entries(CLEAN));
  for (const [name, change] of Object.entries(changes)) {
    files.set(name, typeof change === 'function' ? change(String(files.get(name))) : change);
  }
  for (const [name, text] of files) {
    if (typeof text === 'string') await writeBelow(directory.path, name, text);
  }
  return directory;
}

export async function writeBelow(root: string, name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), content);
}
