import { createHash } from 'node:crypto';
import { UserError } from '../shared/failure.ts';
import { groupBy } from '../shared/group-by.ts';
import { comparePaths } from '../shared/image-path.ts';
import type { CatalogEntry } from './catalog-entry.ts';

/** One of several machines that share a sweep without talking to each other: `index` from 1 to `count`. */
export type Shard = { readonly index: number; readonly count: number };

/** @throws UserError `usage` for all but `i/n`. */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new UserError('usage', `cannot use ${text} as a shard`, {
      hint: 'give it as i/n: 1/4 is the first of four',
    });
  }
  return { index, count };
}

/**
 * The entries of one shard. Every machine comes to the same division, since it depends on the entries and the
 * durations (seconds by name) alone. A library entry and the deltas over it stay together. Without durations a hash
 * of the name decides, so that an entry stays in its shard when others come and go; with them the longest go first to
 * whom has least.
 */
export function entriesOfShard(
  entries: readonly CatalogEntry[],
  { index, count }: Shard,
  durations: ReadonlyMap<string, number> | null,
): CatalogEntry[] {
  const names = new Set(entries.map(({ name }) => name));
  const groups = groupBy(entries, ({ name, runtime }) =>
    runtime !== null && names.has(runtime) ? runtime : name,
  );
  const shardOf = durations === null ? byHash(count) : byDuration(groups, count, durations);
  return [...groups].flatMap(([name, group]) => (shardOf(name) === index - 1 ? group : []));
}

function byHash(count: number): (name: string) => number {
  return (name) => createHash('sha256').update(name).digest().readUInt32BE() % count;
}

/** Longest processing time first, Graham 1969: at most a third above the best division. */
function byDuration(
  groups: ReadonlyMap<string, readonly CatalogEntry[]>,
  count: number,
  durations: ReadonlyMap<string, number>,
): (name: string) => number {
  const known = [...durations.values()];
  // one that is new is taken for an average one
  const usual = known.length === 0 ? 1 : known.reduce((sum, seconds) => sum + seconds, 0) / known.length;
  const weighed = [...groups].map(([name, group]) => ({
    name,
    seconds: group.reduce((sum, entry) => sum + (durations.get(entry.name) ?? usual), 0),
  }));
  weighed.sort((a, b) => b.seconds - a.seconds || comparePaths(a.name, b.name));
  const loads = Array.from({ length: count }, () => 0);
  const shards = new Map<string, number>();
  for (const { name, seconds } of weighed) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] = (loads[least] ?? 0) + seconds;
    shards.set(name, least);
  }
  return (name) => shards.get(name) ?? 0;
}
