import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Instance } from './search-instances.ts';

/** Where the instances lie that are shared with others: beside this repository, unless the environment says where. */
const SHARED = process.env.KRAFT_SLIM_SHARED ?? join(import.meta.dirname, '../../../shared');
/** The instances of searches, a table each. */
export const INSTANCES = join(SHARED, 'search-instances');

/** What a simple algorithm did with an instance. */
export type Baseline = { readonly runs: number; readonly kept: number };

/** @throws where they are missing: a claim about them must not pass without them */
export function sharedInstances(): Instance[] {
  const names = readdirSync(INSTANCES).filter((name) => name.endsWith('.tsv') && name !== 'baselines.tsv');
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
  const [header = '', ...lines] = readFileSync(join(INSTANCES, file), 'utf8').trimEnd().split('\n');
  const names = header.split('\t');
  return lines.map((line) =>
    Object.fromEntries(line.split('\t').map((value, at) => [names[at] ?? '', value])),
  );
}
