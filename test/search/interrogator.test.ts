import { describe, expect, test } from 'vitest';
import { interrogatorOf, OutOfRuns } from '../../src/search/interrogator.ts';
import { ItemSet } from '../../src/search/item-set.ts';
import type { JournalEntry, ProblemOptions } from '../../src/search/problem.ts';

const ALL = ItemSet.all(8);
const LESS = ALL.without([3]);

/** An oracle that gives these answers one after the other, and its questions. */
function oracleOf(answers: readonly boolean[], options: Partial<ProblemOptions> = {}) {
  const asked: ItemSet[] = [];
  const recorded: JournalEntry[] = [];
  const ask = async (kept: ItemSet) => {
    asked.push(kept);
    return answers[asked.length - 1] ?? false;
  };
  const record = (entry: JournalEntry) => void recorded.push(entry);
  const oracle = interrogatorOf({ items: [], ask, seed: 0, maxRuns: 10, record, ...options });
  return { oracle, asked, recorded };
}

describe('an interrogator', () => {
  test('asks about a set once, and then knows', async () => {
    const { oracle, asked } = oracleOf([true, false]);
    expect([await oracle.once(ALL), await oracle.once(LESS), await oracle.once(ALL)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(asked).toEqual([ALL, LESS]);
    expect([oracle.runs, oracle.cacheHits]).toEqual([2, 1]);
  });

  test('knows what most answers say, and asks again where they are equal', async () => {
    const { oracle } = oracleOf([true, false, false]);
    expect([await oracle.again(ALL), await oracle.again(ALL)]).toEqual([true, false]);
    expect(await oracle.once(ALL)).toBe(false);
    expect(oracle.tallyOf(ALL.key)).toEqual({ passed: 1, refused: 2 });
    expect(await oracle.once(ALL)).toBe(false);
    expect([oracle.runs, oracle.cacheHits]).toEqual([3, 1]);
  });

  test('counts repeated answers and those that are outvoted', async () => {
    const { oracle } = oracleOf([true, false, true, true]);
    await oracle.once(LESS);
    expect(oracle.repeated).toEqual({ answers: 0, outvoted: 0 });
    for (let times = 0; times < 3; times += 1) await oracle.again(ALL);
    expect(oracle.repeated).toEqual({ answers: 3, outvoted: 1 });
  });

  test('stays within its budget', async () => {
    const { oracle, asked } = oracleOf([true, true], { maxRuns: 1 });
    await oracle.once(ALL);
    await expect(oracle.once(LESS)).rejects.toThrow(OutOfRuns);
    expect(await oracle.once(ALL)).toBe(true);
    expect(asked).toHaveLength(1);
    expect(oracle.runsLeft).toBe(0);
  });

  test('takes the answers of a journal in their order, as runs that are not recorded again', async () => {
    const journal = [
      { set: ALL.key, passed: true },
      { set: LESS.key, passed: true },
      { set: ALL.key, passed: false },
    ];
    const { oracle, recorded } = oracleOf([true], { journal });
    expect([await oracle.again(ALL), await oracle.again(ALL), await oracle.again(ALL)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(recorded).toEqual([{ set: ALL.key, passed: true }]);
    expect(oracle.runs).toBe(3);
  });

  test('is not stopped while a journal gives the answers', async () => {
    const journal = [{ set: ALL.key, passed: true }];
    const { oracle } = oracleOf([], { journal, stop: () => true });
    expect(await oracle.once(ALL)).toBe(true);
    await expect(oracle.once(LESS)).rejects.toThrow(OutOfRuns);
  });
});
