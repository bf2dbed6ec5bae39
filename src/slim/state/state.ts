import { createHash } from 'node:crypto';
import type { RootfsUnit } from '../../entry/unit.ts';
import { type OnDistrust, readStateFile, type StateFile, writeStateFile } from '../../store/state-file.ts';
import type { Result } from '../result.ts';

/** What is remembered of a unit from its last verified run. No original lives here: it is safe to delete. */
export type UnitState = {
  readonly schema: 'kraft-slim/state/1';
  /** See `stateKeyOf`. */
  readonly entry: string;
  /** SHA-256 of each file as the tool last wrote it, by its path relative to the unit. */
  readonly written: Readonly<Record<string, string>>;
  readonly result: Result;
  /** Of all that the run has depended on, see `fingerprintOf`; null where it is not known, or changed meanwhile. */
  readonly fingerprint: string | null;
  /** Why each path of the result is there, in words; null where the entry was found as it was, and not analysed. */
  readonly kept: readonly { readonly path: string; readonly reasons: readonly string[] }[] | null;
  /**
   * What the apps looked for and did not find: where a later version lacks something, it is most likely among these.
   */
  readonly missed: readonly string[];
};

/** The state directory at a catalog's root. */
export const STATE_DIRECTORY = '.kraft-slim';

/** What a unit's state is kept under: its directory, and its Dockerfile where that has another name than the usual. */
export function stateKeyOf({ name, dockerfile }: Pick<RootfsUnit, 'name' | 'dockerfile'>): string {
  return dockerfile === 'Dockerfile' ? name : `${name} ${dockerfile}`;
}

/**
 * The remembered state of a unit; undefined where there is none, or none that this user's key has signed.
 * @throws UserError where the key cannot be used.
 */
export async function readState(
  directory: string,
  entry: string,
  onDistrust?: OnDistrust,
): Promise<UnitState | undefined> {
  const state = readStateFile(directory, stateFileOf(entry), onDistrust);
  if (isUnitState(state, entry)) return state;
  if (state !== undefined) onDistrust?.(`${stateFileOf(entry).name} is of another version of kraft-slim`);
  return undefined;
}

/** What is signed was written by the tool, by some version of it. */
function isUnitState(value: unknown, entry: string): value is UnitState {
  const state = value as Partial<UnitState> | null | undefined;
  const isObject = (parsed: unknown) => typeof parsed === 'object' && parsed !== null;
  return (
    state?.schema === 'kraft-slim/state/1' &&
    state.entry === entry &&
    isObject(state.result) &&
    isObject(state.written) &&
    Array.isArray(state.missed)
  );
}

/** Remembers a unit. */
export async function writeState(directory: string, state: UnitState): Promise<void> {
  writeStateFile(directory, stateFileOf(state.entry), state);
}

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function stateFileOf(entry: string): StateFile {
  return { kind: 'unit', key: entry, name: `units/${hashOf(entry).slice(0, 32)}.json` };
}
