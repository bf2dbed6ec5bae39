import { appendFile, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyResult } from '../../src/slim/result.ts';
import { seal } from '../../src/store/seal.ts';
import { openJournal } from '../../src/sweep/journal.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

let top: TemporaryDirectory;
let directory = '';
let path = '';
let sweeps = 0;
let distrusted: string[] = [];
beforeEach(async () => {
  top = await temporaryDirectory();
  directory = join(top.path, '.kraft-slim');
  path = join(directory, 'sweep.ndjson');
  sweeps = 0;
  distrusted = [];
});
afterEach(() => top[Symbol.asyncDispose]());

const open = (request = 'all') =>
  openJournal(directory, {
    name: 'sweep',
    request,
    newName: () => `sweep ${++sweeps}`,
    onDistrust: (why) => distrusted.push(why),
  });

const doneOf = (name: string) => ({ inputs: `inputs of ${name}`, result: emptyResult(name) });

/** What a journal knows when it is opened. */
async function known(request?: string) {
  await using journal = await open(request);
  return { sweep: journal.sweep, ids: [...journal.finished.keys()] };
}

async function write(...ids: string[]) {
  await using journal = await open();
  await Promise.all(ids.map((id) => journal.append(id, doneOf(id))));
}

describe('a journal', () => {
  test('is resumed under its name, with all that was recorded', async () => {
    await write('a', 'b');
    await write('c');
    await using journal = await open();
    expect(journal.sweep).toBe('sweep 1');
    expect([...journal.finished]).toEqual(['a', 'b', 'c'].map((id) => [id, doneOf(id)]));
  });

  test('begins again where the sweep has ended, or another sweep is requested', async () => {
    await write('a');
    expect(await known('all, again')).toEqual({ sweep: 'sweep 2', ids: [] });
    await write('b');
    {
      await using journal = await open();
      await journal.end();
    }
    expect(await known()).toEqual({ sweep: 'sweep 4', ids: [] });
  });

  test('has on disk what was recorded as soon as that is settled', async () => {
    await using journal = await open();
    await journal.append('a', doneOf('a'));
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(3);
  });

  test('is whole up to the torn line that a kill left, wherever that tore it', async () => {
    await write('a', 'b');
    const whole = await readFile(path, 'utf8');
    const ends = [...whole.matchAll(/\n/g)].map(({ index }) => index + 1);
    for (let length = 0; length <= whole.length; length += 1) {
      await writeFile(path, whole);
      await truncate(path, length);
      const lines = ends.filter((end) => end <= length).length;
      expect((await known()).ids).toEqual(['a', 'b'].slice(0, Math.max(0, lines - 1)));
    }
  });

  test('is resumed after a torn line', async () => {
    await write('a');
    await appendFile(path, '{"type":"finis');
    await write('b');
    expect(await known()).toEqual({ sweep: 'sweep 1', ids: ['a', 'b'] });
  });

  test('hides its directory from git', async () => {
    await write();
    expect(await readFile(join(directory, '.gitignore'), 'utf8')).toBe('*\n');
  });
});

describe('a journal that this user has not signed', () => {
  const UNSIGNED = ['sweep.ndjson has lines that are not signed by the key of this user'];
  const lines = async () => (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  const put = (...all: string[]) => writeFile(path, all.map((line) => `${line}\n`).join(''));
  const forged = JSON.stringify({ type: 'finished', id: 'x', inputs: 'x', result: null });

  test('begins again, and says so', async () => {
    await write('a');
    await put(...(await lines()).map((line) => line.slice(65)));
    expect(await known()).toEqual({ sweep: 'sweep 2', ids: [] });
    expect(distrusted).toEqual(UNSIGNED);
  });

  test.each<[string, (line: string) => string]>([
    ['without a signature', () => forged],
    ['of another sweep', () => seal(forged, { kind: 'journal line', key: 'sweep sweep 9' })],
    ['of another journal', () => seal(forged, { kind: 'journal line', key: 'sweep-1-of-2 sweep 1' })],
    ['that is signed as a beginning', () => seal(forged, { kind: 'journal', key: 'sweep' })],
    ['of which a bit is flipped', (line) => line.replace('"inputs of b"', '"inputs of c"')],
  ])('ends before a line %s', async (_, forge) => {
    await write('a', 'b', 'c');
    const [begun = '', a = '', b = '', c = ''] = await lines();
    await put(begun, a, forge(b), c);
    expect(await known()).toEqual({ sweep: 'sweep 1', ids: ['a'] });
    expect(distrusted).toEqual(UNSIGNED);
    expect(await known()).toEqual({ sweep: 'sweep 1', ids: ['a'] });
    expect(distrusted).toEqual(UNSIGNED);
  });

  test('or that is a link begins again, and what the link points at stays', async () => {
    await write('a');
    const canary = join(top.path, 'canary');
    await writeFile(canary, 'here');
    await rm(path);
    await symlink(canary, path);
    expect(await known()).toEqual({ sweep: 'sweep 2', ids: [] });
    expect(distrusted).toEqual([expect.stringContaining('a link that leads out')]);
    expect(await readFile(canary, 'utf8')).toBe('here');
  });

  test('in whose place is a directory begins again, and the directory goes', async () => {
    await mkdir(join(path, 'deep'), { recursive: true });
    expect(await known()).toEqual({ sweep: 'sweep 1', ids: [] });
    expect(distrusted).toEqual([expect.stringContaining('it is a directory')]);
    expect(await lines()).toHaveLength(1);
  });
});
