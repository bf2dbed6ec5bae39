import { expect, test } from 'vitest';
import type { ItemSet } from '../src/search/item-set.ts';
import type { Item } from '../src/search/problem.ts';
import { type Strategy, search } from '../src/search/search.ts';
import { groupBy } from '../src/shared/group-by.ts';
import { drawInstance, entropy, honest, type Instance, needsAll } from '../test/support/search-instances.ts';
import { readInstance, sharedInstances } from '../test/support/shared-instances.ts';
import { surviveLies } from '../test/support/survive-lies.ts';
import { RIVALS } from './rivals.ts';

/** Runs of the oracle, and files kept. */
type Cost = { readonly runs: number; readonly kept: number };
type Row = { readonly name: string; readonly costs: readonly Cost[] };

type Contender = { readonly name: string; readonly strategy: Strategy; readonly seen: (item: Item) => Item };

/** The strategies, and what is lost where a part of the evidence is hidden from them. */
const CONTENDERS: readonly Contender[] = [
  { name: '**coin-flip**', strategy: 'coin-flip', seen: (item) => item },
  { name: '**search-only**', strategy: 'search-only', seen: (item) => item },
  { name: '**grow**', strategy: 'grow', seen: (item) => item },
  { name: '**minimal**', strategy: 'minimal', seen: (item) => item },
  { name: 'minimal, groups unseen', strategy: 'minimal', seen: (item) => ({ ...item, groups: [] }) },
  { name: 'minimal, bytes unseen', strategy: 'minimal', seen: (item) => ({ ...item, bytes: 1 }) },
];

const DRAWN = [
  { files: 1000, groups: 60, hot: 0.2, density: 0.2, recall: 0.95, junk: 0.01, directories: 4 },
  { files: 4000, groups: 150, hot: 0.5, density: 0.05, recall: 0.97, junk: 0.03, directories: 0 },
  { files: 12_000, groups: 400, hot: 0.1, density: 0.3, recall: 0.9, junk: 0.005, directories: 8 },
];

test('runs of the oracle over the shared instances', async () => {
  await compare(sharedInstances());
});

test('runs of the oracle over instances of other shapes', async () => {
  await compare(
    DRAWN.map((shape, at) => ({ ...drawInstance(shape, at + 1), name: `n${shape.files}-drawn` })),
  );
});

test('an oracle that inverts one answer in twenty, over a thousand seeds', async () => {
  const seeds = Array.from({ length: 1000 }, (_, seed) => seed + 1);
  const rows = [
    '| instance | honest runs | median runs | most runs | median size / k | sets that lack something |',
    '|---|---|---|---|---|---|',
  ];
  for (const name of ['n5000-k80-s1', 'n5000-k80-s2', 'n5000-k80-s3']) {
    const { honestRuns, medianRuns, mostRuns, medianSize, broken } = await surviveLies(readInstance(name), {
      noise: 0.05,
      seeds,
    });
    rows.push(
      `| ${name} | ${honestRuns} | ${medianRuns} | ${mostRuns} | ${medianSize} | ${broken} of ${seeds.length} |`,
    );
    expect(broken).toBeLessThanOrEqual(1);
  }
  process.stdout.write(`\n${rows.join('\n')}\n`);
});

async function compare(instances: readonly Instance[]): Promise<void> {
  const rows: Row[] = RIVALS.map(({ name, run }) => ({
    name,
    costs: instances.map((instance) =>
      counted(instance, (works) => run(instance.items.length, works, instance.needed.length)),
    ),
  }));
  for (const { name, strategy, seen } of CONTENDERS) {
    const costs = [];
    for (const instance of instances) {
      const items = instance.items.map(seen);
      const { runs, kept } = await search(strategy, { items, ask: honest(instance), seed: 1, maxRuns: 1e6 });
      costs.push({ runs, kept: kept.length });
    }
    rows.push({ name, costs });
  }
  rows.push(...BOUNDS.map(({ name, count }) => ({ name, costs: instances.map(boundOf(count)) })));
  print(instances, rows);
}

/** Questions that no search can do without, on the average, even if it knew how many of each group are needed. */
const BOUNDS: readonly { readonly name: string; readonly count: (item: Item) => boolean }[] = [
  { name: 'entropy of everything', count: () => true },
  { name: 'entropy of the untraced', count: ({ traced }) => !traced },
];

function boundOf(count: (item: Item) => boolean): (instance: Instance) => Cost {
  return ({ items, needed }) => {
    const isNeeded = new Set(needed);
    const counted = [...items.entries()].filter(([, item]) => count(item));
    const groups = groupBy(counted, ([, { groups }]) => groups.join('/'));
    const bits = [...groups.values()].map((own) =>
      entropy(own.length, own.filter(([index]) => isNeeded.has(index)).length / own.length),
    );
    const kept = counted.filter(([index]) => isNeeded.has(index)).length;
    return { runs: Math.round(bits.reduce((sum, each) => sum + each, 0)), kept };
  };
}

/** What a rival needs, of which a question that it asks again costs nothing. */
function counted({ needed }: Instance, run: (works: (kept: ItemSet) => boolean) => ItemSet): Cost {
  const works = needsAll(needed);
  const asked = new Set<number>();
  const kept = run((set) => {
    asked.add(set.key);
    return works(set);
  });
  expect(works(kept)).toBe(true);
  return { runs: asked.size, kept: kept.size };
}

function print(instances: readonly Instance[], rows: readonly Row[]): void {
  const header = ['algorithm', ...instances.map(({ name }) => name), 'runs in sum'];
  const lines = rows.map(({ name, costs }) => {
    const sum = costs.reduce((all, { runs }) => all + runs, 0);
    return [name, ...costs.map(({ runs, kept }) => `${runs} / ${kept}`), `${sum}`];
  });
  const table = [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
  process.stdout.write(`\n${table.join('\n')}\n`);
}
