import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptAsLongAsItCan, openMemory, shortMemory } from '../../src/slim/search/oracle-memory.ts';
import { seal } from '../../src/store/seal.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const ENTRY = 'library/nginx/1.22';
const AS = { kind: 'oracle', key: ENTRY };
const keyOf = (index: number) => index.toString(16).padStart(64, '0');

let top: TemporaryDirectory;
let directory = '';
beforeEach(async () => {
  top = await temporaryDirectory();
  directory = join(top.path, '.kraft-slim');
});
afterEach(() => top[Symbol.asyncDispose]());

/** The one file of the memory. */
async function logPath(): Promise<string> {
  const names = await readdir(join(directory, 'oracle'));
  expect(names).toHaveLength(1);
  return join(directory, 'oracle', names[0] as string);
}

test('answers of both kinds are there the next time, each for its own entry', async () => {
  const first = await openMemory(directory, ENTRY);
  await first.remember(keyOf(1), true);
  await first.remember(keyOf(2), false);
  expect([1, 2, 3].map((index) => first.recall(keyOf(index)))).toEqual([[true], [false], []]);
  const second = await openMemory(directory, ENTRY);
  expect([1, 2, 3].map((index) => second.recall(keyOf(index)))).toEqual([[true], [false], []]);
  expect((await openMemory(directory, 'library/redis/7.0')).recall(keyOf(1))).toEqual([]);
});

test('of several answers to one question all are there, in their order', async () => {
  const first = await openMemory(directory, ENTRY);
  await first.remember(keyOf(1), true);
  await first.remember(keyOf(1), false);
  expect(first.recall(keyOf(1))).toEqual([true, false]);
  expect((await openMemory(directory, ENTRY)).recall(keyOf(1))).toEqual([true, false]);
});

describe('a last line that was cut off', () => {
  test.each([`${keyOf(2).slice(0, 40)}`, keyOf(2), `${keyOf(2)} `])('%j is not believed', async (torn) => {
    const first = await openMemory(directory, ENTRY);
    await first.remember(keyOf(1), true);
    await appendFile(await logPath(), torn);
    const second = await openMemory(directory, ENTRY);
    expect([1, 2].map((index) => second.recall(keyOf(index)))).toEqual([[true], []]);
  });

  test('does not spoil what is written behind it', async () => {
    await (await openMemory(directory, ENTRY)).remember(keyOf(1), true);
    await appendFile(await logPath(), keyOf(2).slice(0, 10));
    await (await openMemory(directory, ENTRY)).remember(keyOf(3), false);
    const last = await openMemory(directory, ENTRY);
    expect([1, 2, 3].map((index) => last.recall(keyOf(index)))).toEqual([[true], [], [false]]);
  });
});

test.each([
  ['without a signature', `${keyOf(2)} 1`],
  ['of another entry', seal(`${keyOf(2)} 1`, { ...AS, key: 'library/redis/7.0' })],
  ['with another answer', seal(`${keyOf(2)} 0`, AS).replace(/0$/, '1')],
  ['of another form', seal('yes', AS)],
])('a line %s is not believed, and the others are', async (_, line) => {
  await (await openMemory(directory, ENTRY)).remember(keyOf(1), true);
  await appendFile(await logPath(), `${line}\n`);
  const why: string[] = [];
  const memory = await openMemory(directory, ENTRY, (text) => why.push(text));
  expect([1, 2].map((index) => memory.recall(keyOf(index)))).toEqual([[true], []]);
  expect(why).toEqual([
    expect.stringMatching(/^oracle\/\w+\.log has lines that are not signed by the key of this user$/),
  ]);
});

test('it does not grow without end: the older half is forgotten', async () => {
  await openMemory(directory, ENTRY);
  const lines = Array.from({ length: 20_001 }, (_, index) => `${seal(`${keyOf(index)} 1`, AS)}\n`);
  await writeFile(await logPath(), lines.join(''));
  const memory = await openMemory(directory, ENTRY);
  expect(memory.recall(keyOf(0))).toEqual([]);
  expect(memory.recall(keyOf(10_000))).toEqual([]);
  expect(memory.recall(keyOf(10_001))).toEqual([true]);
  expect(memory.recall(keyOf(20_000))).toEqual([true]);
  expect((await readFile(await logPath(), 'utf8')).split('\n')).toHaveLength(10_001);
});

test('git does not see it', async () => {
  await openMemory(directory, ENTRY);
  expect(await readFile(join(directory, '.gitignore'), 'utf8')).toBe('*\n');
});

test('a short memory ends with its holder', async () => {
  const memory = shortMemory();
  await memory.remember(keyOf(1), false);
  expect(memory.recall(keyOf(1))).toEqual([false]);
  expect(shortMemory().recall(keyOf(1))).toEqual([]);
});

test('a memory that cannot be written any more lasts as long as the process, and reports that once', async () => {
  const faults: unknown[] = [];
  const memory = keptAsLongAsItCan(await openMemory(directory, ENTRY), (error) => faults.push(error));
  await memory.remember(keyOf(1), true);
  await rm(directory, { recursive: true });
  await memory.remember(keyOf(2), true);
  await memory.remember(keyOf(3), false);
  expect([1, 2, 3].map((index) => memory.recall(keyOf(index)))).toEqual([[true], [true], [false]]);
  expect(faults).toHaveLength(1);
});
