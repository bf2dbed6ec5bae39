import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  findKraftfile,
  isKraftfileName,
  listKraftfiles,
  STANDARD_NAMES,
} from '../../src/kraftfile/find-kraftfile.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'find-kraftfile-'));
});
afterEach(() => rm(directory, { recursive: true }));

const write = (...names: string[]) =>
  Promise.all(names.map((name) => writeFile(join(directory, name), 'spec: v0.6\n')));

test.each(STANDARD_NAMES)('%s is found', async (name) => {
  await write(name, 'Dockerfile');
  expect(await findKraftfile(directory)).toBe(join(directory, name));
});

test('a file that is named is taken as it is', async () => {
  await write('Kraftfile', 'Kraftfile.cat', 'any.yaml');
  expect(await findKraftfile(join(directory, 'Kraftfile.cat'))).toBe(join(directory, 'Kraftfile.cat'));
  expect(await findKraftfile(join(directory, 'any.yaml'))).toBe(join(directory, 'any.yaml'));
});

test('two standard names are ambiguous, both are named', async () => {
  await write('Kraftfile', 'kraft.yaml');
  await expect(findKraftfile(directory)).rejects.toMatchObject({
    code: 'kraftfile-ambiguous',
    message: `cannot choose a Kraftfile: ${directory} holds kraft.yaml and Kraftfile`,
  });
});

test('a missing Kraftfile has a hint with the names that were looked up, and what else is there', async () => {
  await mkdir(join(directory, 'Kraftfile'));
  const missing = {
    code: 'kraftfile-missing',
    message: `cannot find a Kraftfile: it is not in ${directory}`,
  };
  const looked = 'looked for kraft.yaml, kraft.yml, Kraftfile.yml, Kraftfile.yaml, Kraftfile';
  await expect(findKraftfile(directory)).rejects.toMatchObject({ ...missing, hint: looked });
  await write('Kraftfile.ls', 'Kraftfile.cat');
  const hint = `${looked}; name one of Kraftfile.cat, Kraftfile.ls`;
  await expect(findKraftfile(directory)).rejects.toMatchObject({ ...missing, hint });
  await expect(findKraftfile(join(directory, 'no', 'where'))).rejects.toMatchObject({
    code: 'kraftfile-missing',
  });
});

test('all Kraftfiles of a directory are listed, empty ones apart', async () => {
  await write(
    'Kraftfile.sort',
    'Kraftfile.cat',
    'Kraftfile',
    'Kraftfile.orig',
    'Kraftfile.cat~',
    'Dockerfile',
  );
  await writeFile(join(directory, 'kraft.yml'), '');
  const { files, markers } = await listKraftfiles(directory);
  expect(files.map((file) => basename(file))).toEqual(['Kraftfile', 'Kraftfile.cat', 'Kraftfile.sort']);
  expect(markers).toEqual([join(directory, 'kraft.yml')]);
});

test.each([
  ['Kraftfile', true],
  ['Kraftfile.cat', true],
  ['Kraftfile.a.b', true],
  ['Kraftfile.', false],
  ['Kraftfile.orig', false],
  ['Kraftfile.cat.orig', false],
  ['Kraftfile.bak', false],
  ['kraftfile', false],
  ['MyKraftfile', false],
])('%s: %s', (name, expected) => {
  expect(isKraftfileName(name)).toBe(expected);
});
