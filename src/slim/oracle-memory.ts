import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from '../shared/failure.ts';
import { openStateDirectory } from '../shared/state-directory.ts';
import { hashOf } from './state.ts';

/** What an oracle was asked before, across runs: answers by their key, in the order in which they were given. */
export type OracleMemory = {
  recall(key: string): readonly boolean[];
  remember(key: string, passed: boolean): Promise<void>;
};

/** Above so many answers the older half is forgotten. */
const MAX_ANSWERS = 20_000;

/** A memory that ends with the process. */
export function shortMemory(): OracleMemory {
  const answers = new Map<string, boolean[]>();
  return {
    recall: (key) => answers.get(key) ?? [],
    remember: async (key, passed) => add(answers, key, passed),
  };
}

/**
 * The memory of a unit in the state directory: a line for each answer, written as it comes, so that an interrupted
 * search goes on where it was. A line that was cut off is not believed.
 */
export async function openMemory(stateDirectory: string, entry: string): Promise<OracleMemory> {
  const directory = join(stateDirectory, 'oracle');
  const path = join(directory, `${hashOf(entry).slice(0, 32)}.log`);
  await openStateDirectory(stateDirectory);
  await mkdir(directory, { recursive: true });
  const lines = (await readOrEmpty(path)).split('\n').filter((line) => /^[0-9a-f]{64} [01]$/.test(line));
  const kept = lines.length > MAX_ANSWERS ? lines.slice(-MAX_ANSWERS / 2) : lines;
  await writeFile(path, kept.map((line) => `${line}\n`).join(''));
  const answers = new Map<string, boolean[]>();
  for (const line of kept) add(answers, line.slice(0, 64), line.endsWith('1'));
  return {
    recall: (key) => answers.get(key) ?? [],
    async remember(key, passed) {
      add(answers, key, passed);
      await appendFile(path, `${key} ${passed ? 1 : 0}\n`);
    },
  };
}

function add(answers: Map<string, boolean[]>, key: string, passed: boolean): void {
  answers.set(key, [...(answers.get(key) ?? []), passed]);
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) return '';
    throw error;
  }
}
