import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyResult } from '../../src/slim/result.ts';
import { hashOf, readState, type UnitState, writeState } from '../../src/slim/state/state.ts';
import { writeStateFile } from '../../src/store/state-file.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

let top: TemporaryDirectory;
let directory = '';
beforeEach(async () => {
  top = await temporaryDirectory();
  directory = join(top.path, '.kraft-slim');
});
afterEach(() => top[Symbol.asyncDispose]());

const stateOf = (entry: string, written = {}): UnitState => ({
  schema: 'kraft-slim/state/1',
  entry,
  written,
  result: emptyResult(entry),
  fingerprint: null,
  kept: [{ path: '/app', reasons: ['the started program'] }],
  missed: ['/etc/app.conf'],
});

test('what is written is read again, for each entry separately', async () => {
  const names = ['library/a', '.', '../../etc/passwd', 'é'];
  for (const entry of names) await writeState(directory, stateOf(entry, { Dockerfile: hashOf(entry) }));
  for (const entry of names) {
    expect(await readState(directory, entry)).toEqual(stateOf(entry, { Dockerfile: hashOf(entry) }));
  }
});

test('the later state of an entry takes the place of the earlier', async () => {
  await writeState(directory, stateOf('a', { Dockerfile: 'one' }));
  await writeState(directory, stateOf('a', { Dockerfile: 'two' }));
  expect((await readState(directory, 'a'))?.written).toEqual({ Dockerfile: 'two' });
  expect(await readdir(join(directory, 'units'))).toHaveLength(1);
});

test('git ignores the whole directory', async () => {
  await writeState(directory, stateOf('a'));
  expect(await readFile(join(directory, '.gitignore'), 'utf8')).toBe('*\n');
  expect(await readdir(top.path)).toEqual(['.kraft-slim']);
});

describe('there is none', () => {
  test('where nothing was ever written', async () => {
    expect(await readState(directory, 'a')).toBeUndefined();
  });

  test('of another entry', async () => {
    await writeState(directory, stateOf('a'));
    expect(await readState(directory, 'b')).toBeUndefined();
  });

  test.each([
    ['half a document', '{"schema":"kraft-slim/st'],
    ['nothing', ''],
    ['no object', 'null'],
    ['another version', JSON.stringify({ ...stateOf('a'), schema: 'kraft-slim/state/2' })],
    ['the state of another entry', JSON.stringify(stateOf('b'))],
  ])('where the file holds %s', async (_, text) => {
    await writeState(directory, stateOf('a'));
    const [file] = await readdir(join(directory, 'units'));
    await writeFile(join(directory, 'units', file as string), text);
    expect(await readState(directory, 'a')).toBeUndefined();
  });
});

test.each([
  ['nothing', null],
  ['a list', []],
  ['no result', { ...stateOf('a'), result: null }],
  ['no hashes', { ...stateOf('a'), written: null }],
  ['no names', { ...stateOf('a'), missed: null }],
  ['another version', { ...stateOf('a'), schema: 'kraft-slim/state/2' }],
  ['another entry', stateOf('b')],
])('state that is signed and holds %s counts as absent, and says so', async (_, value) => {
  await writeState(directory, stateOf('a'));
  const [file] = await readdir(join(directory, 'units'));
  const name = `units/${file}`;
  writeStateFile(directory, { kind: 'unit', key: 'a', name }, value);
  const why: string[] = [];
  expect(await readState(directory, 'a', (text) => why.push(text))).toBeUndefined();
  expect(why).toEqual([`${name} is of another version of kraft-slim`]);
});

test('a directory that was there before keeps what git ignores in it', async () => {
  await writeFile(join(top.path, '.gitignore'), 'mine\n');
  await writeState(top.path, stateOf('a'));
  expect(await readFile(join(top.path, '.gitignore'), 'utf8')).toBe('mine\n');
  expect(await readState(top.path, 'a')).toEqual(stateOf('a'));
});
