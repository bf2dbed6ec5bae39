import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beginEntry, removeUnfinished } from '../../src/catalog/making.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ENTRY = 'library/a/1.0';

async function place() {
  const top = await temporaryDirectory();
  const options = { catalogRoot: top.path, stateDirectory: join(top.path, '.kraft-slim') };
  return { ...options, options, [Symbol.asyncDispose]: () => top[Symbol.asyncDispose]() };
}

test('an entry that is not kept goes, with the directory of its name', async () => {
  await using at = await place();
  {
    await using making = await beginEntry(at.options, ENTRY);
    await writeFile(join(making.directory, 'Dockerfile'), 'FROM x');
  }
  expect(existsSync(join(at.catalogRoot, 'library/a'))).toBe(false);
  expect(await readdir(join(at.stateDirectory, 'making'))).toEqual([]);
  expect(await readFile(join(at.stateDirectory, '.gitignore'), 'utf8')).toBe('*\n');
});

test('another version beside it stays', async () => {
  await using at = await place();
  await mkdir(join(at.catalogRoot, 'library/a/0.9'), { recursive: true });
  {
    await using _ = await beginEntry(at.options, ENTRY);
  }
  expect(await readdir(join(at.catalogRoot, 'library/a'))).toEqual(['0.9']);
});

test('one that is kept stays, also for the next run', async () => {
  await using at = await place();
  {
    await using making = await beginEntry(at.options, ENTRY);
    await writeFile(join(making.directory, 'Dockerfile'), 'FROM x');
    await writeFile(join(making.directory, 'Dockerfile.orig'), 'FROM y');
    await making.keep();
  }
  expect(await removeUnfinished(at.options)).toEqual([]);
  expect(await readdir(join(at.catalogRoot, ENTRY))).toEqual(['Dockerfile']);
});

test('what is there already is never taken', async () => {
  await using at = await place();
  await mkdir(join(at.catalogRoot, ENTRY), { recursive: true });
  await writeFile(join(at.catalogRoot, ENTRY, 'mine'), '');
  await expect(beginEntry(at.options, ENTRY)).rejects.toMatchObject({ code: 'would-overwrite' });
  expect(await removeUnfinished(at.options)).toEqual([]);
  expect(await readdir(join(at.catalogRoot, ENTRY))).toEqual(['mine']);
});

test('what a killed process has begun is removed by the next one, what a living one makes is not', async () => {
  await using at = await place();
  await using living = await beginEntry(at.options, 'library/living/1');
  const killed = await beginEntry(at.options, ENTRY);
  await writeFile(join(killed.directory, 'Dockerfile'), 'half');
  const { pid } = spawnSync('true');
  const note = join(at.stateDirectory, 'making', 'library+a+1.0.json');
  const text = await readFile(note, 'utf8');
  await writeFile(note, text.replace(`/${process.pid}/`, `/${pid}/`));
  expect(await removeUnfinished(at.options)).toEqual([ENTRY]);
  expect(existsSync(join(at.catalogRoot, 'library/a'))).toBe(false);
  expect(existsSync(living.directory)).toBe(true);
  expect(await removeUnfinished(at.options)).toEqual([]);
});
