import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFull } from '../shared/disk-full.ts';
import { isNotFound } from '../shared/failure.ts';
import { openStateDirectory } from '../shared/state-directory.ts';
import type { Result } from '../slim/result.ts';

/** One line of a journal. */
type JournalLine =
  /** The first line: what was asked for, see `openJournal`. */
  | { readonly type: 'begun'; readonly sweep: string; readonly request: string }
  /** `inputs`: the digest of the entry's inputs once it was done; null where there is none. */
  | {
      readonly type: 'finished';
      readonly id: string;
      readonly inputs: string | null;
      readonly result: Result;
    }
  | { readonly type: 'ended' };

/** What an earlier sweep has done with an entry. */
export type Finished = { readonly inputs: string | null; readonly result: Result };

/**
 * What a sweep has done so far, line by line on disk, so that one that was killed at any moment can be gone on with. It
 * is appended to alone, and what is told is on the disk when the promise resolves.
 */
export type Journal = AsyncDisposable & {
  /** A name for the sweep, the same after it was killed and gone on with. */
  readonly sweep: string;
  /** By entry; empty for a new sweep. */
  readonly finished: ReadonlyMap<string, Finished>;
  readonly append: (id: string, finished: Finished) => Promise<void>;
  /** The sweep is over: the next one begins anew. */
  readonly end: () => Promise<void>;
};

/**
 * Opens the journal of a sweep: the one at hand, where that was broken off and the same was asked for, else a new one in
 * its place.
 * @param request all that decides about results, in one text.
 */
export async function openJournal(
  directory: string,
  { name, request, newName }: { name: string; request: string; newName: () => string },
): Promise<Journal> {
  const path = join(directory, `${name}.ndjson`);
  const lines = readLines(await readOrEmpty(path));
  const [first] = lines;
  const goesOn = first?.type === 'begun' && first.request === request && lines.at(-1)?.type !== 'ended';
  const sweep = goesOn ? first.sweep : newName();
  const kept = goesOn ? lines : [{ type: 'begun', sweep, request } as const];
  await openStateDirectory(directory);
  await replaceFile(path, textOf(kept));
  const file = await open(path, 'a');
  const write = appender(async (text) => {
    try {
      await file.writeFile(text);
      await file.datasync();
    } catch (error) {
      throw diskFull(error, path) ?? error;
    }
  });
  const finished = kept.flatMap((line) =>
    line.type === 'finished' ? [[line.id, { inputs: line.inputs, result: line.result }] as const] : [],
  );
  return {
    sweep,
    finished: new Map(finished),
    append: (id, done) => write(textOf([{ type: 'finished', id, ...done }])),
    end: () => write(textOf([{ type: 'ended' }])),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

function textOf(lines: readonly JournalLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The lines that are whole: the last one may be torn. */
function readLines(text: string): JournalLine[] {
  const lines: JournalLine[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    try {
      lines.push(JSON.parse(line) as JournalLine);
    } catch {
      return lines;
    }
  }
  return lines;
}

/** Writes one after the other; what is told while one is written goes to the disk together. */
function appender(write: (text: string) => Promise<void>): (text: string) => Promise<void> {
  let pending = '';
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  return (text) => {
    pending += text;
    next ??= last.then(async () => {
      const batch = pending;
      pending = '';
      next = undefined;
      await write(batch);
    });
    last = next.catch(() => undefined);
    return next;
  };
}

async function replaceFile(path: string, text: string): Promise<void> {
  const aside = `${path}.new`;
  try {
    await using file = await open(aside, 'w');
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    throw diskFull(error, aside) ?? error;
  }
  await rename(aside, path);
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) return '';
    throw error;
  }
}
