import { join } from 'node:path';
import { listKraftfiles } from '../kraftfile/find-kraftfile.ts';
import { listOrNone } from '../store/read.ts';
import { compareEntries } from './entry-table.ts';

/** The folders of a catalog with entries that build on images. */
const FOLDERS = ['library', 'examples'];

/** How deep below such a folder an entry lies at the most: `library/NAME/VERSION`. */
const MAX_DEPTH = 2;

/** The entries of a catalog, by name and then by version. What lies below an entry are its sources. */
export async function listEntries(catalogRoot: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of FOLDERS) await visit(catalogRoot, folder, { depth: MAX_DEPTH, found });
  return found.sort(compareEntries);
}

async function visit(
  root: string,
  name: string,
  { depth, found }: { depth: number; found: string[] },
): Promise<void> {
  const entries = listOrNone(join(root, name), root);
  const { files } = await listKraftfiles(join(root, name), root).catch(() => ({ files: [] }));
  if (files.length > 0) {
    found.push(name);
    return;
  }
  if (depth === 0) return;
  for (const entry of entries) {
    const isSource = entry.name.startsWith('.') || entry.name === 'node_modules';
    if (entry.isDirectory() && !isSource)
      await visit(root, `${name}/${entry.name}`, { depth: depth - 1, found });
  }
}
