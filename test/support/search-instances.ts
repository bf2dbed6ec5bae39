import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ItemSet } from '../../src/search/item-set.ts';
import type { Item, Question } from '../../src/search/problem.ts';
import { randomOf } from '../../src/search/random.ts';

/** Where the instances lie that are shared with others: beside this repository, unless the environment says where. */
const SHARED = process.env.KRAFT_SLIM_SHARED ?? join(import.meta.dirname, '../../../shared');
const FOLDER = join(SHARED, 'search-instances');

/** A root file system to search, and what the search must not see: the items that are needed. */
export type Instance = {
  readonly name: string;
  readonly items: readonly Item[];
  readonly needed: readonly number[];
};

/** What a simple algorithm did with an instance. */
export type Baseline = { readonly runs: number; readonly kept: number };

/** @throws where they are missing: a claim about them must not pass without them */
export function sharedInstances(): Instance[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.tsv') && name !== 'baselines.tsv');
  expect(names.length).toBeGreaterThan(0);
  return names.sort().map((name) => readInstance(name.replace(/\.tsv$/, '')));
}

export function readInstance(name: string): Instance {
  const rows = rowsOf(`${name}.tsv`);
  const items = rows.map(({ group = '', bytes, traced }) => ({
    bytes: Number(bytes),
    groups: [group],
    traced: traced === '1',
    held: false,
    suspicion: 0,
  }));
  const needed = [...rows.keys()].filter((at) => rows[at]?.needed === '1');
  return { name, items, needed };
}

/** By instance and algorithm. */
export function baselines(): (instance: string, algorithm: string) => Baseline {
  const rows = rowsOf('baselines.tsv');
  return (instance, algorithm) => {
    const row = rows.find((each) => each.instance === instance && each.algorithm === algorithm);
    if (row === undefined) throw new Error(`no baseline of ${algorithm} for ${instance}`);
    return { runs: Number(row.oracle_runs), kept: Number(row.files_kept) };
  };
}

/** The rows of a table with a header, by the names of the columns. */
function rowsOf(file: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(join(FOLDER, file), 'utf8').trimEnd().split('\n');
  const names = header.split('\t');
  return lines.map((line) =>
    Object.fromEntries(line.split('\t').map((value, at) => [names[at] ?? '', value])),
  );
}

export function needsAll(needed: readonly number[]): (kept: ItemSet) => boolean {
  return (kept) => needed.every((item) => kept.has(item));
}

/** An honest oracle: yes exactly when all that is needed is there. */
export function honest({ needed }: Instance): Question {
  const works = needsAll(needed);
  return async (kept) => works(kept);
}

/** The same, but each answer is turned round with probability `noise`. */
export function lying({ needed }: Instance, noise: number, seed: number): Question {
  const works = needsAll(needed);
  const random = randomOf(seed);
  return async (kept) => works(kept) !== random() < noise;
}

export type Shape = {
  readonly files: number;
  readonly groups: number;
  /** Groups in which something is needed, as a share of all. */
  readonly hot: number;
  /** Needed files of a hot group, as a share. */
  readonly density: number;
  /** Needed files that are traced, as a share. */
  readonly recall: number;
  /** Other files that are traced, as a share. */
  readonly junk: number;
  /** Directories in each group, between the group and its files. */
  readonly directories: number;
};

/** An instance drawn from a shape. Sizes of groups and files have long tails, as in a distribution. */
export function drawInstance(shape: Shape, seed: number): Instance {
  const random = randomOf(seed);
  const weights = Array.from({ length: shape.groups }, () => (1 - random()) ** -0.8);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const items: Item[] = [];
  const needed: number[] = [];
  for (const [group, weight] of weights.entries()) {
    const isHot = random() < shape.hot;
    for (let left = Math.ceil((shape.files * weight) / total); left > 0; left -= 1) {
      const isNeeded = isHot && random() < shape.density;
      if (isNeeded) needed.push(items.length);
      const directory = Math.floor(random() * shape.directories);
      items.push({
        bytes: Math.floor(400 * (1 - random()) ** -1.1),
        groups: shape.directories > 0 ? [`${group}`, `${directory}`] : [`${group}`],
        traced: random() < (isNeeded ? shape.recall : shape.junk),
        held: false,
        suspicion: 0,
      });
    }
  }
  return { name: `drawn ${seed}`, items, needed };
}

/** Bits that are missing where each of `count` items is needed with a chance of `share`: no search does with fewer runs. */
export function entropy(count: number, share: number): number {
  if (share <= 0 || share >= 1) return 0;
  return -count * (share * Math.log2(share) + (1 - share) * Math.log2(1 - share));
}
