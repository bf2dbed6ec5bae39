import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findCatalogRoot } from '../../src/catalog/catalog-root.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Makes directories and asks from one of them; the answer is relative: '' is where they were made. */
async function rootOf(from: string, directories: readonly string[], fallback = 'elsewhere'): Promise<string> {
  await using top = await temporaryDirectory();
  for (const path of [from, ...directories]) await mkdir(join(top.path, path), { recursive: true });
  const found = findCatalogRoot(join(top.path, from), join(top.path, fallback));
  return found.startsWith(top.path) ? found.slice(top.path.length + 1) || '.' : found;
}

test.each([
  ['two of the four folders make a root', 'c/library/nginx/1.22', ['c/examples'], 'c'],
  ['any two of them do', 'c/native/x', ['c/tests'], 'c'],
  ['one of them does not', 'c/library/nginx', [], 'c/library/nginx'],
  [
    'the nearest of two catalogs counts',
    'library/in/library/x',
    ['examples', 'library/in/tests'],
    'library/in',
  ],
  ['a catalog counts more than a nearer git work tree', 'c/library/x', ['c/examples', 'c/library/.git'], 'c'],
  ['else the top of the git work tree', 'repo/app/deep', ['repo/.git'], 'repo'],
  ['else the directory itself', 'app/deep', ['elsewhere'], 'app/deep'],
  ['the catalog itself is its root', 'c', ['c/library', 'c/examples'], 'c'],
])('%s', async (_, from, directories, expected) => {
  expect(await rootOf(from, directories)).toBe(expected);
});

test('where nothing marks a root, the current directory is it for the entries in it alone', async () => {
  expect(await rootOf('work/app', [], 'work')).toBe('work');
  expect(await rootOf('work/app', ['work2'], 'work2')).toBe('work/app');
  expect(await rootOf('work', ['work/app'], 'work/app')).toBe('work');
});
