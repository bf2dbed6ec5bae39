import { join } from 'node:path';
import { messageOf, UserError } from '../shared/failure.ts';
import { comparePaths } from '../shared/image-path.ts';
import type { Result } from '../slim/result.ts';
import { filesInUserDirectory, readUserText } from '../store/user-file.ts';

/** What is read of a `kraft-slim/sweep/1` document. */
type StoredSweep = {
  readonly schema: 'kraft-slim/sweep/1';
  readonly results: readonly Result[];
  readonly totals: { readonly seconds: number };
};

/** The results of the shards of one sweep. */
export type MergedSweep = {
  /** In byte order of their entries. */
  readonly results: readonly Result[];
  /** The shards ran side by side: the time of the longest. */
  readonly seconds: number;
};

/**
 * Merges the documents of shards that lie in a directory or below it, whatever they are called.
 * @throws UserError `usage` where there is none, or an entry is in two of them.
 */
export async function mergeSweeps(directory: string): Promise<MergedSweep> {
  const names = namesIn(directory);
  const from = new Map<string, string>();
  const results: Result[] = [];
  let seconds = 0;
  for (const name of names.filter((candidate) => candidate.endsWith('.json')).sort(comparePaths)) {
    const document = await readSweep(join(directory, name));
    if (document === null) continue;
    for (const result of document.results) {
      const key = `${result.entry} ${result.launches.map(({ kraftfile }) => kraftfile).join(' ')}`;
      const other = from.get(key);
      if (other !== undefined && other !== name) throw inTwo(result.entry, [other, name]);
      from.set(key, name);
      results.push(result);
    }
    seconds = Math.max(seconds, document.totals.seconds);
  }
  if (from.size === 0 && seconds === 0) {
    throw new UserError('usage', `cannot merge ${directory}: it contains no document of a sweep`, {
      hint: 'each shard writes such a document with --json',
    });
  }
  return { results: results.sort((a, b) => comparePaths(a.entry, b.entry)), seconds };
}

/** @throws UserError `usage`. */
function namesIn(directory: string): string[] {
  try {
    return filesInUserDirectory(directory);
  } catch (error) {
    throw new UserError('usage', `cannot merge ${directory}: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * How long each entry took, in seconds by name, from the document of an earlier sweep.
 * @throws UserError `usage` where the file is none.
 */
export async function readDurations(path: string): Promise<ReadonlyMap<string, number>> {
  const document = await readSweep(path).catch((error: unknown) => {
    throw new UserError('usage', `cannot read durations: ${messageOf(error)}`, { cause: error });
  });
  if (document === null) {
    throw new UserError('usage', `cannot read durations: ${path} is not the document of a sweep`, {
      hint: 'give the output of an earlier kraft-slim sweep --json',
    });
  }
  return new Map(document.results.map(({ entry, seconds }) => [entry, seconds.total]));
}

/** null for a file that is something else. */
async function readSweep(path: string): Promise<StoredSweep | null> {
  const text = readUserText(path, 'sweep document');
  try {
    const document = JSON.parse(text) as StoredSweep | null;
    return document?.schema === 'kraft-slim/sweep/1' ? document : null;
  } catch {
    return null;
  }
}

function inTwo(entry: string, files: readonly [string, string]): UserError {
  return new UserError('usage', `cannot merge: ${entry} is in ${files.join(' and in ')}`, {
    hint: 'merge the shards of one sweep, with the same number of shards and the same durations',
  });
}
