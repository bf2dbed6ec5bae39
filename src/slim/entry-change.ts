import type { Marker } from '../dockerfile/marker.ts';
import { UserError } from '../shared/failure.ts';
import type { Promised } from '../shared/promises.ts';
import type { SlimEntryOptions } from './entry-options.ts';
import type { OpenedUnit } from './opened-unit.ts';
import { isHeldBy } from './promise.ts';
import type { Recall } from './state/recall.ts';
import type { UnitState } from './state/state.ts';
import { type VerifiedUnit, verifyUnit } from './verify/verify-unit.ts';

/** An entry with all that is known of it before any work. */
export type ReadEntry = OpenedUnit & {
  readonly options: SlimEntryOptions;
  readonly promise: Promised;
  /** The text of the root list; null where there is none. */
  readonly list: string | null;
  /** Of the Dockerfile; null where the tool never slimmed it. */
  readonly marker: Marker | null;
  readonly past: Recall;
};

/** What has changed of an entry since the tool last worked on it. */
export type EntryChange =
  /** The fingerprint shows that nothing has. */
  | { readonly kind: 'nothing'; readonly state: UnitState }
  /** What the tool wrote was built and probed, and still holds. */
  | { readonly kind: 'nothing-built'; readonly marker: Marker; readonly verified: VerifiedUnit }
  /** The entry has to be analysed. */
  | { readonly kind: 'something' };

/** The one answer to whether an entry has changed: by its fingerprint, else by its marker and a build. */
export async function changeOf(
  entry: ReadEntry,
  { isVisited }: { readonly isVisited: boolean },
): Promise<EntryChange> {
  const { past, marker, options } = entry;
  // only an analysis has a traced app to use
  if (isVisited) return { kind: 'something' };
  if (past.holds && past.state !== undefined && isMeasured(entry, past.state))
    return { kind: 'nothing', state: past.state };
  if (options.redo || !marker?.intact || !marker.aboveUnchanged || !isEnough(entry, marker))
    return { kind: 'something' };
  const verified = await stillHolds(entry);
  return verified === undefined ? { kind: 'something' } : { kind: 'nothing-built', marker, verified };
}

/** Whether a remembered result says how large it is, where the settings have a limit for that. */
function isMeasured({ task }: ReadEntry, { result }: UnitState): boolean {
  return task.config.maxBytes === undefined || result.after !== null;
}

/**
 * Whether what was written is as small, and promises as much, as it is asked for by now; nothing is left to regain in
 * place.
 */
function isEnough({ options: { search }, promise }: ReadEntry, marker: Marker): boolean {
  const isSearched = search === null || marker.fields?.minimal === '1-minimal';
  return isSearched && (marker.isInPlace || isHeldBy(marker, promise));
}

/** Failures of a check that mean no more than that the entry has to be analysed again. */
const MOVED_ON = new Set(['verify-failed', 'build-failed', 'cmd-not-found']);

/** Whether what the tool wrote still holds; undefined where upstream, the context or the settings have moved on. */
async function stillHolds({ tools, reporter, task, text }: ReadEntry): Promise<VerifiedUnit | undefined> {
  try {
    const verified = await verifyUnit(await tools(), reporter, { task, text });
    return verified.missing.length + verified.unwanted.length === 0 ? verified : undefined;
  } catch (error) {
    if (error instanceof UserError && MOVED_ON.has(error.code)) return undefined;
    throw error;
  }
}
