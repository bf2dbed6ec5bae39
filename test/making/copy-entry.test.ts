import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { README } from '../../src/catalog/entry-files.ts';
import { libraryRow } from '../../src/catalog/entry-table.ts';
import { copyEntry } from '../../src/making/copy-entry.ts';
import { registerEntry } from '../../src/making/register-entry.ts';
import { catalogOf } from '../support/catalog.ts';
import { git } from '../support/git.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const FILES = {
  Dockerfile: 'FROM a:1.0\n',
  'conf/a.conf': 'version 1.0\n',
  'run.sh': '#!/bin/sh\n',
  'rootfs.list': '/a\n',
  'Dockerfile.orig': 'old',
  '.unikraft/built': 'x',
  '.config.a': 'x',
  'build/ignored': 'x',
  '.gitignore': '/build/\n',
};

async function entryIn(directory: string): Promise<string> {
  const from = join(directory, 'from');
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(join(from, name, '..'), { recursive: true });
    await writeFile(join(from, name), text, { mode: name === 'run.sh' ? 0o755 : 0o644 });
  }
  await symlink('../nowhere', join(from, 'conf/link'));
  return from;
}

const edit = (name: string) =>
  name === 'Dockerfile' ? (text: string) => text.replace('1.0', '1.2') : undefined;
const namesIn = async (directory: string) => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .sort();
};

test.each([
  ['with what git ignores left out', true, ['.gitignore', 'Dockerfile', 'a.conf', 'link', 'run.sh']],
  [
    'outside git with all that is its own',
    false,
    ['.gitignore', 'Dockerfile', 'a.conf', 'ignored', 'link', 'run.sh'],
  ],
])('an entry is copied %s', async (_, inGit, expected) => {
  await using top = await temporaryDirectory();
  const from = await entryIn(top.path);
  if (inGit) await git(top.path, 'init', '--quiet');
  const to = join(top.path, 'to');
  await copyEntry({
    from,
    to,
    catalogRoot: top.path,
    dockerfile: 'Dockerfile',
    keepsLists: false,
    editOf: edit,
  });
  expect(await namesIn(to)).toEqual(expected);
  expect(await readFile(join(to, 'Dockerfile'), 'utf8')).toBe('FROM a:1.2\n');
  expect(await readFile(join(to, 'conf/a.conf'), 'utf8')).toBe('version 1.0\n');
  expect(await readlink(join(to, 'conf/link'))).toBe('../nowhere');
  expect((await lstat(join(to, 'run.sh'))).mode & 0o777).toBe(0o755);
});

test('a root list goes along where it is still read', async () => {
  await using top = await temporaryDirectory();
  const from = await entryIn(top.path);
  const to = join(top.path, 'to');
  await copyEntry({
    from,
    to,
    catalogRoot: top.path,
    dockerfile: 'Dockerfile',
    keepsLists: true,
    editOf: edit,
  });
  expect(await readFile(join(to, 'rootfs.list'), 'utf8')).toBe('/a\n');
});

test('an entry is registered once, and a workflow that is there stays', async () => {
  await using catalog = await catalogOf({ [README]: `${libraryRow('library/a/1.0')}\n` });
  const entry = 'library/a/1.2';
  const registration = { entry, row: libraryRow(entry), workflow: 'name: x\n' };
  expect(await registerEntry(catalog.path, registration)).toEqual([
    '.github/workflows/library-a1.2.yaml',
    'README.md',
  ]);
  expect(await registerEntry(catalog.path, { ...registration, workflow: 'other' })).toEqual([]);
  expect(await catalog.read('.github/workflows/library-a1.2.yaml')).toBe('name: x\n');
  expect(await catalog.read('README.md')).toBe(`${libraryRow('library/a/1.0')}\n${libraryRow(entry)}\n`);
});
