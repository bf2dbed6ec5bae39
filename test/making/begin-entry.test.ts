import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beginEntry, removeUnfinished } from '../../src/making/begin-entry.ts';
import { ownerOfThisProcess } from '../../src/shared/process-owner.ts';
import { writeStateFile } from '../../src/store/state-file.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ENTRY = 'library/a/1.0';

async function place() {
  const top = await temporaryDirectory();
  const catalogRoot = join(top.path, 'catalog');
  await mkdir(catalogRoot);
  const options = { catalogRoot, stateDirectory: join(catalogRoot, '.kraft-slim') };
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
  writeNote(at.stateDirectory, ENTRY);
  expect(await removeUnfinished(at.options)).toEqual([ENTRY]);
  expect(existsSync(join(at.catalogRoot, 'library/a'))).toBe(false);
  expect(existsSync(living.directory)).toBe(true);
  expect(await removeUnfinished(at.options)).toEqual([]);
});

/** A note of a process that is dead, signed by this user. */
function writeNote(stateDirectory: string, directory: string): void {
  const owner = ownerOfThisProcess().replace(`/${process.pid}/`, `/${spawnSync('true').pid}/`);
  const name = 'library+a+1.0.json';
  writeStateFile(stateDirectory, { kind: 'making', key: name, name: `making/${name}` }, { directory, owner });
}

test.each(['x/../../victim', '../victim', '..', '.', '', '/victim', '.git', 'library/.git', 'link/victim'])(
  'a note about %j removes nothing outside of the catalog',
  async (directory) => {
    await using top = await place();
    const canary = join(top.catalogRoot, '../victim/canary');
    for (const path of [join(canary, '..'), join(top.catalogRoot, 'victim'), join(top.catalogRoot, '.git')])
      await mkdir(path, { recursive: true });
    await writeFile(canary, 'here');
    await symlink('..', join(top.catalogRoot, 'link'));
    writeNote(top.stateDirectory, directory);
    await removeUnfinished(top.options).catch(() => []);
    expect(existsSync(canary)).toBe(true);
    expect(await readdir(top.catalogRoot)).toEqual(expect.arrayContaining(['.git', 'link', 'victim']));
  },
);

test('a note that the user has not signed removes nothing, and says so', async () => {
  await using at = await place();
  await mkdir(join(at.catalogRoot, ENTRY), { recursive: true });
  writeNote(at.stateDirectory, ENTRY);
  const note = join(at.stateDirectory, 'making/library+a+1.0.json');
  await writeFile(note, (await readFile(note, 'utf8')).slice(65));
  const why: string[] = [];
  expect(await removeUnfinished({ ...at.options, onDistrust: (text) => why.push(text) })).toEqual([]);
  expect(why).toEqual(['making/library+a+1.0.json is not signed by the key of this user']);
  expect(existsSync(join(at.catalogRoot, ENTRY))).toBe(true);
});
