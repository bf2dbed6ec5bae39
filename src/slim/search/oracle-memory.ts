import { join } from 'node:path';
import { seal, unseal } from '../../store/seal.ts';
import { type OnDistrust, readStateText, writeStateText } from '../../store/state-file.ts';
import { appendToFile } from '../../store/write.ts';
import { hashOf } from '../state/state.ts';

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
 * search goes on where it was. A line that was cut off, or that this user's key has not signed, is not believed.
 */
export async function openMemory(
  stateDirectory: string,
  entry: string,
  onDistrust: OnDistrust = () => undefined,
): Promise<OracleMemory> {
  const name = `oracle/${hashOf(entry).slice(0, 32)}.log`;
  const as = { kind: 'oracle', key: entry };
  const text = readStateText(stateDirectory, name, { kind: 'state file', onDistrust }) ?? '';
  // the last line may be torn
  const whole = text.split('\n').slice(0, -1);
  const lines = whole
    .flatMap((line) => unseal(line, as) ?? [])
    .filter((line) => /^[0-9a-f]{64} [01]$/.test(line));
  if (lines.length < whole.length)
    onDistrust(`${name} has lines that are not signed by the key of this user`);
  const kept = lines.length > MAX_ANSWERS ? lines.slice(-MAX_ANSWERS / 2) : lines;
  writeStateText(stateDirectory, name, kept.map((line) => `${seal(line, as)}\n`).join(''));
  const answers = new Map<string, boolean[]>();
  for (const line of kept) add(answers, line.slice(0, 64), line.endsWith('1'));
  return {
    recall: (key) => answers.get(key) ?? [],
    async remember(key, passed) {
      add(answers, key, passed);
      const line = `${seal(`${key} ${passed ? 1 : 0}`, as)}\n`;
      appendToFile(join(stateDirectory, name), line, { root: stateDirectory, sync: false });
    },
  };
}

/**
 * A memory that ends with the process from the answer on that cannot be written: a full disk costs a search what it has
 * remembered, and not its result.
 */
export function keptAsLongAsItCan(memory: OracleMemory, onFault: (error: unknown) => void): OracleMemory {
  const rest = shortMemory();
  let isFull = false;
  return {
    recall: (key) => [...memory.recall(key), ...rest.recall(key)],
    async remember(key, passed) {
      if (isFull) return await rest.remember(key, passed);
      await memory.remember(key, passed).catch((error: unknown) => {
        isFull = true;
        onFault(error);
      });
    },
  };
}

function add(answers: Map<string, boolean[]>, key: string, passed: boolean): void {
  answers.set(key, [...(answers.get(key) ?? []), passed]);
}
