import { join } from 'node:path';
import type { Result } from '../slim/result.ts';
import { type SealedAs, seal, unseal } from '../store/seal.ts';
import { type OnDistrust, readStateText, writeStateText } from '../store/state-file.ts';
import { appendToFile } from '../store/write.ts';

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
export type FinishedEntry = { readonly inputs: string | null; readonly result: Result };

/**
 * What a sweep has done so far, line by line on disk, so that a sweep that was killed at any moment can be resumed. It
 * is only appended to, and a line is on the disk when its promise resolves. Each line is signed: the first as
 * the beginning of a journal of its name, the others as lines of that sweep.
 */
export type Journal = AsyncDisposable & {
  /** A name for the sweep, the same after it was killed and resumed. */
  readonly sweep: string;
  /** By entry; empty for a new sweep. */
  readonly finished: ReadonlyMap<string, FinishedEntry>;
  readonly append: (id: string, finished: FinishedEntry) => Promise<void>;
  /** The sweep is over: the next sweep starts from the beginning. */
  readonly end: () => Promise<void>;
};

export type JournalOptions = {
  /** Of the journal's file. */
  readonly name: string;
  readonly request: string;
  readonly newName: () => string;
  readonly onDistrust?: OnDistrust;
};

/**
 * Opens the journal of a sweep: the journal at hand, where that sweep was interrupted and the same is asked for, else
 * a new journal in its place.
 * @param request all that decides about results, in one text.
 * @throws UserError where the state directory cannot hold it, or the user's key cannot be used.
 */
export async function openJournal(
  directory: string,
  { name, request, newName, onDistrust = () => undefined }: JournalOptions,
): Promise<Journal> {
  const file = `${name}.ndjson`;
  const text = readStateText(directory, file, { kind: 'journal', onDistrust }) ?? '';
  const lines = readLines(text, name, () =>
    onDistrust(`${file} has lines that are not signed by the key of this user`),
  );
  const [first] = lines;
  const goesOn = first?.type === 'begun' && first.request === request && lines.at(-1)?.type !== 'ended';
  const sweep = goesOn ? first.sweep : newName();
  const kept = goesOn ? lines : [{ type: 'begun', sweep, request } as const];
  const textOf = (line: JournalLine) => `${seal(JSON.stringify(line), placeOf(name, line, sweep))}\n`;
  writeStateText(directory, file, kept.map(textOf).join(''));
  const write = appender(async (added) =>
    appendToFile(join(directory, file), added, { root: directory, sync: true }),
  );
  const finished = kept.flatMap((line) =>
    line.type === 'finished' ? [[line.id, { inputs: line.inputs, result: line.result }] as const] : [],
  );
  return {
    sweep,
    finished: new Map(finished),
    append: (id, done) => write(textOf({ type: 'finished', id, ...done })),
    end: () => write(textOf({ type: 'ended' })),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** What a line is signed as: a line of another journal, or of another sweep, is none of this. */
function placeOf(name: string, { type }: Pick<JournalLine, 'type'>, sweep: string): SealedAs {
  return type === 'begun'
    ? { kind: 'journal', key: name }
    : { kind: 'journal line', key: `${name} ${sweep}` };
}

/** The lines up to the first that is not signed as it should be; the last one may be torn. */
function readLines(text: string, name: string, onDistrust: () => void): JournalLine[] {
  const [first, ...others] = text.split('\n').slice(0, -1);
  const begun = first === undefined ? null : unseal(first, { kind: 'journal', key: name });
  if (first !== undefined && begun === null) onDistrust();
  if (begun === null) return [];
  const lines = [JSON.parse(begun) as JournalLine & { readonly type: 'begun' }];
  const as = placeOf(name, { type: 'finished' }, lines[0]?.sweep ?? '');
  return [...lines, ...signedLines(others, as, onDistrust)];
}

function signedLines(lines: readonly string[], as: SealedAs, onDistrust: () => void): JournalLine[] {
  const read: JournalLine[] = [];
  for (const line of lines) {
    const content = unseal(line, as);
    if (content === null) {
      onDistrust();
      return read;
    }
    read.push(JSON.parse(content) as JournalLine);
  }
  return read;
}

/** Writes one after the other; the lines that arrive during a write go to the disk together. */
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
