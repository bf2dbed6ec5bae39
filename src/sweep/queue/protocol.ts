import type { SlimEntryOptions } from '../../slim/entry-options.ts';
import type { EntryReport } from '../../slim/run-entry.ts';
import type { UnitState } from '../../slim/state/state.ts';

/** The queue that sweeps and workers meet at. Its number is raised when they would no longer understand each other. */
export const QUEUE = 'kraft-slim-1';

/** The task of a worker: one entry. Its files lie beside the queue, under their hash. */
export type EntryJob = {
  /** The version of the tool that sweeps: a worker of another one leaves the job to others. */
  readonly version: string;
  readonly sweep: string;
  /** Where the entry is read, relative to the catalog's root. */
  readonly path: string;
  /** SHA-256 of the packed files. */
  readonly pack: string;
  readonly options: Omit<SlimEntryOptions, 'stateDirectory' | 'force'>;
  /** What is remembered of the entry; null for nothing. */
  readonly state: UnitState | null;
  readonly entryTimeoutMs: number;
};

/** What a worker gives back: files to write, each with what was there, and what to remember. */
export type EntryJobResult = Pick<EntryReport, 'result' | 'changes'> & { readonly state: UnitState | null };

/** How often an entry is tried where it is the worker that fails, its engine or the way to it. */
export const ATTEMPTS = 3;

/** How long the first of the retries is put off, by default. */
export const BACKOFF_MS = 5000;

/** How often an entry may lose its worker. One more, and it is taken for what kills them. */
export const MAX_STALLED = 2;

/** For so long a worker need not be heard of before its entry is taken over. */
export const LOCK_MS = 30_000;

/** A result that is not fetched goes after that. */
export const KEEP_SECONDS = 7 * 24 * 3600;

/** Where the packed files of a hash are. */
export function packKey(hash: string): string {
  return `${QUEUE}:pack:${hash}`;
}

/** There while a sweep is cancelled. */
export function cancelKey(sweep: string): string {
  return `${QUEUE}:cancelled:${sweep}`;
}
