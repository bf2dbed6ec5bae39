import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RootfsUnit } from '../entry/unit.ts';
import { isNotFound } from '../shared/failure.ts';
import { writeStateFile } from '../shared/state-directory.ts';
import type { Result } from './result.ts';

/** What is remembered of a unit from its last verified run. No original lives here: it is safe to delete. */
export type UnitState = {
  readonly schema: 'kraft-slim/state/1';
  /** See `stateKeyOf`. */
  readonly entry: string;
  /** SHA-256 of each file as the tool last wrote it, by its path relative to the unit. */
  readonly written: Readonly<Record<string, string>>;
  readonly result: Result;
  /** Of all that the run has depended on, see `fingerprintOf`; null where it could not be told, or changed meanwhile. */
  readonly fingerprint: string | null;
  /** Why each path of the result is there, in words; null where the entry was found as it was, and not analysed. */
  readonly kept: readonly { readonly path: string; readonly reasons: readonly string[] }[] | null;
  /** What the apps looked for in vain: where a later version lacks something, it is most likely among these. */
  readonly missed: readonly string[];
};

/** The state directory at a catalog's root. */
export const STATE_DIRECTORY = '.kraft-slim';

/** What a unit's state is kept under: its directory, and its Dockerfile where that has another name than the usual. */
export function stateKeyOf({ name, dockerfile }: Pick<RootfsUnit, 'name' | 'dockerfile'>): string {
  return dockerfile === 'Dockerfile' ? name : `${name} ${dockerfile}`;
}

/** The remembered state of a unit; undefined where there is none, or none that can be read. */
export async function readState(directory: string, entry: string): Promise<UnitState | undefined> {
  try {
    const state = JSON.parse(await readFile(join(directory, stateNameOf(entry)), 'utf8')) as UnitState | null;
    return state?.schema === 'kraft-slim/state/1' && state.entry === entry ? state : undefined;
  } catch (error) {
    if (isNotFound(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Remembers a unit. */
export async function writeState(directory: string, state: UnitState): Promise<void> {
  await writeStateFile(directory, stateNameOf(state.entry), JSON.stringify(state));
}

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function stateNameOf(entry: string): string {
  return `units/${hashOf(entry).slice(0, 32)}.json`;
}
