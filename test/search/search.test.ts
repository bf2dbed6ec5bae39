import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ItemSet } from '../../src/search/item-set.ts';
import type { Item, JournalEntry, Problem, SearchResult } from '../../src/search/problem.ts';
import { randomOf } from '../../src/search/random.ts';
import { type Strategy, search } from '../../src/search/search.ts';

const item = (over: Partial<Item> = {}): Item => ({
  bytes: 1,
  groups: [],
  traced: false,
  held: false,
  suspicion: 0,
  ...over,
});

const anyItem: fc.Arbitrary<Item> = fc.record({
  bytes: fc.nat(10_000),
  groups: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
  traced: fc.boolean(),
  held: fc.boolean(),
  suspicion: fc.nat(2),
});
const anyItems = fc.array(anyItem, { maxLength: 24 });

type Works = (kept: ItemSet) => boolean;
type Case = { readonly items: readonly Item[]; readonly works: Works; readonly seed: number };

/** Works when one of some lists of items is all there, so that adding items never harms. */
const monotone: fc.Arbitrary<Case> = anyItems.chain((items) => {
  const anyNeed = fc.subarray([...items.keys()]);
  return fc
    .record({ needs: fc.array(anyNeed, { minLength: 1, maxLength: 3 }), seed: fc.nat() })
    .map(({ needs, seed }) => ({
      items,
      works: (kept: ItemSet) => needs.some((need) => need.every((each) => kept.has(each))),
      seed,
    }));
});

/** Works for sets that chance has picked, and for all items together. */
const lawless: fc.Arbitrary<Case> = fc
  .record({
    items: anyItems,
    salt: fc.nat(),
    share: fc.double({ min: 0.05, max: 0.9, noNaN: true }),
    seed: fc.nat(),
  })
  .map(({ items, salt, share, seed }) => ({
    items,
    works: (kept: ItemSet) => kept.size === items.length || randomOf(kept.key ^ salt)() < share,
    seed,
  }));

const anyStrategy = fc.constantFrom<Strategy>('grow', 'shrink', 'minimal', 'search-only');
const everyStrategy = fc.constantFrom<Strategy>('grow', 'shrink', 'minimal', 'search-only', 'coin-flip');

type Run = { readonly result: SearchResult; readonly asked: ItemSet[]; readonly journal: JournalEntry[] };

async function run(
  strategy: Strategy,
  { items, works, seed }: Case,
  over: Partial<Problem> = {},
): Promise<Run> {
  const asked: ItemSet[] = [];
  const journal: JournalEntry[] = [];
  const ask = async (kept: ItemSet) => {
    asked.push(kept);
    return works(kept);
  };
  const record = (entry: JournalEntry) => void journal.push(entry);
  const result = await search(strategy, { items, ask, seed, maxRuns: 10_000, record, ...over });
  return { result, asked, journal };
}

/** Which items a strategy may remove. */
function isOpen(strategy: Strategy, { held, traced }: Item): boolean {
  return !held && (strategy !== 'grow' || !traced);
}

/** The final set, as a set, and what of it the strategy might have removed. */
function finalOf(strategy: Strategy, { items }: Case, { result, asked }: Run, all: ItemSet) {
  const kept = new Set(result.kept);
  const final = [all, ...asked].find(
    (set) => set.size === kept.size && [...set].every((each) => kept.has(each)),
  );
  if (final === undefined) throw new Error('the final set was never asked about');
  return { final, open: result.kept.filter((each) => isOpen(strategy, items[each] as Item)) };
}

const allOf = async (items: readonly Item[]): Promise<ItemSet> => {
  const { ItemSet } = await import('../../src/search/item-set.ts');
  return ItemSet.all(items.length);
};

describe('a search', () => {
  test('ends in a 1-minimal set that works, of any monotone oracle', async () => {
    await fc.assert(
      fc.asyncProperty(anyStrategy, monotone, async (strategy, problem) => {
        const done = await run(strategy, problem);
        const { final, open } = finalOf(strategy, problem, done, await allOf(problem.items));
        expect(done.result.minimal).toBe('1-minimal');
        expect(problem.works(final)).toBe(true);
        expect(open.filter((each) => problem.works(final.without([each])))).toEqual([]);
        expect(done.result.lies).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('has proof for each item it keeps, of any oracle: a refusal against the final set or, unless the oracle has contradicted itself, a larger one', async () => {
    await fc.assert(
      fc.asyncProperty(anyStrategy, lawless, async (strategy, problem) => {
        const done = await run(strategy, problem);
        const { final, open } = finalOf(strategy, problem, done, await allOf(problem.items));
        expect(done.result.minimal).toBe('1-minimal');
        expect(problem.works(final)).toBe(true);
        for (const each of open) {
          const rest = final.without([each]);
          const proofs = done.asked.filter(
            (set) => !problem.works(set) && !set.has(each) && rest.isWithin(set),
          );
          expect(proofs.length).toBeGreaterThan(0);
          if (done.result.lies > 0) expect(problem.works(rest)).toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('notices what a lawless oracle contradicts', async () => {
    let contradicted = 0;
    await fc.assert(
      fc.asyncProperty(lawless, async (problem) => {
        const { result, asked } = await run('shrink', problem);
        const { final } = finalOf(
          'shrink',
          problem,
          { result, asked, journal: [] },
          await allOf(problem.items),
        );
        const against = asked.filter((set) => problem.works(set) !== final.isWithin(set));
        expect(result.lies).toBe(against.length);
        if (result.lies > 0) contradicted += 1;
      }),
      { numRuns: 500 },
    );
    expect(contradicted).toBeGreaterThan(10);
  });

  test('never removes what is held, nor adds what was not there', async () => {
    await fc.assert(
      fc.asyncProperty(
        everyStrategy,
        fc.oneof(monotone, lawless),
        fc.nat(40),
        async (strategy, problem, maxRuns) => {
          const { result, asked } = await run(strategy, problem, { maxRuns });
          const held = [...problem.items.keys()].filter((each) => problem.items[each]?.held);
          for (const set of [...asked.map((each) => [...each]), result.kept]) {
            expect(set).toEqual(expect.arrayContaining(held));
            expect(set.every((each) => each < problem.items.length)).toBe(true);
          }
          expect(result.held).toBe(held.length);
        },
      ),
    );
  });

  test('never asks more often than the budget allows, and then gives what it has', async () => {
    await fc.assert(
      fc.asyncProperty(
        everyStrategy,
        fc.oneof(monotone, lawless),
        fc.nat(60),
        async (strategy, problem, maxRuns) => {
          const { result, asked } = await run(strategy, problem, { maxRuns });
          expect(asked.length).toBeLessThanOrEqual(maxRuns);
          expect(result.runs).toBe(asked.length);
          const all = await allOf(problem.items);
          expect(problem.works(finalOf(strategy, problem, { result, asked, journal: [] }, all).final)).toBe(
            result.kept.length === problem.items.length ? problem.works(all) : true,
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('gives no larger a set for a larger budget', async () => {
    await fc.assert(
      fc.asyncProperty(monotone, fc.nat(40), fc.nat(40), async (problem, some, more) => {
        const small = await run('minimal', problem, { maxRuns: some });
        const large = await run('minimal', problem, { maxRuns: some + more });
        expect(large.result.kept.every((each) => small.result.kept.includes(each))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('asks the same questions for the same seed and answers', async () => {
    await fc.assert(
      fc.asyncProperty(everyStrategy, fc.oneof(monotone, lawless), async (strategy, problem) => {
        const [first, second] = [await run(strategy, problem), await run(strategy, problem)];
        expect(second.journal).toEqual(first.journal);
        expect(second.result).toEqual(first.result);
      }),
    );
  });

  test('asks for different items with two seeds, where nothing distinguishes the items', async () => {
    const items = Array.from({ length: 64 }, () => item());
    const works = (kept: ItemSet) => kept.has(5) && kept.has(40);
    const [first, second] = [
      await run('shrink', { items, works, seed: 1 }),
      await run('shrink', { items, works, seed: 2 }),
    ];
    expect(first.journal).not.toEqual(second.journal);
    expect(second.result.kept).toEqual([5, 40]);
  });

  test('goes on from any part of a journal to the same end, and asks nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        everyStrategy,
        fc.oneof(monotone, lawless),
        fc.nat(),
        async (strategy, problem, cut) => {
          const whole = await run(strategy, problem);
          const known = whole.journal.slice(0, cut % (whole.journal.length + 1));
          const resumed = await run(strategy, problem, { journal: known });
          expect(resumed.result).toEqual(whole.result);
          expect([...known, ...resumed.journal]).toEqual(whole.journal);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('ends early where it is stopped, with a set that works', async () => {
    const items = Array.from({ length: 200 }, (_, at) => item({ groups: [`${at % 10}`] }));
    const works = (kept: ItemSet) => [3, 50, 120].every((each) => kept.has(each));
    let left = 12;
    const stop = () => left-- <= 0;
    const { result, asked } = await run('shrink', { items, works, seed: 1 }, { stop });
    expect(result.minimal).toBe('budget');
    expect(asked).toHaveLength(12);
    expect(result.kept).toEqual(expect.arrayContaining([3, 50, 120]));
    expect(result.kept.length).toBeLessThan(200);
  });

  test('from nothing believes no analysis', async () => {
    await fc.assert(
      fc.asyncProperty(monotone, async (problem) => {
        const blind = problem.items.map((each) => ({ ...each, traced: false, suspicion: 0 }));
        const [seeing, unseeing] = [
          await run('search-only', problem),
          await run('shrink', { ...problem, items: blind }),
        ];
        expect(seeing.journal).toEqual(unseeing.journal);
      }),
    );
  });

  test('throws what the question throws', async () => {
    const ask = async () => {
      throw new Error('the engine is gone');
    };
    const problem = { items: [item(), item()], ask, seed: 1, maxRuns: 10 };
    await expect(search('shrink', problem)).rejects.toThrow('the engine is gone');
    await expect(search('coin-flip', problem)).rejects.toThrow('the engine is gone');
  });
});

describe('growing', () => {
  const items = Array.from({ length: 300 }, (_, at) =>
    item({
      groups: [`p${at % 3}`, `d${at % 30}`],
      traced: at < 20,
      held: at === 25,
      suspicion: at === 211 ? 2 : 0,
    }),
  );

  test('keeps the start set and adds exactly what is missing', async () => {
    const works = (kept: ItemSet) => [1, 2, 100, 250].every((each) => kept.has(each));
    const { result } = await run('grow', { items, works, seed: 1 });
    expect(result.kept).toEqual([...Array(20).keys(), 25, 100, 250]);
    expect(result.held).toBe(1);
  });

  test('asks for the start set first, and hardly anything else where nothing is missing', async () => {
    const { result, asked } = await run('grow', { items, works: () => true, seed: 1 });
    expect([...(asked[0] ?? [])]).toEqual([...Array(20).keys(), 25]);
    expect(result.kept).toEqual([...Array(20).keys(), 25]);
    expect(asked.length).toBeLessThan(6);
  });

  test('finds what is suspected sooner', async () => {
    const works = (kept: ItemSet) => kept.has(211);
    const plain = items.map((each) => ({ ...each, suspicion: 0 }));
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const runsOf = async (some: readonly Item[]) => {
      const runs = await Promise.all(
        seeds.map(async (seed) => (await run('grow', { items: some, works, seed })).result.runs),
      );
      return runs.reduce((sum, each) => sum + each, 0);
    };
    expect(await runsOf(items)).toBeLessThan(0.85 * (await runsOf(plain)));
  });
});

describe('shrinking under a small budget', () => {
  test('removes the most bytes first', async () => {
    const items = Array.from({ length: 400 }, (_, at) =>
      item({ bytes: at % 40 === 0 ? 1e6 : 10, groups: [`${at % 20}`] }),
    );
    const works = (kept: ItemSet) => kept.has(7) && kept.has(8);
    const { result } = await run('shrink', { items, works, seed: 1 }, { maxRuns: 16 });
    const left = result.kept.filter((each) => items[each]?.bytes === 1e6);
    expect(result.minimal).toBe('budget');
    expect(left).toEqual([]);
  });
});
