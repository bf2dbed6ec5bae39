import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { readUnit } from '../../entry/read-unit.ts';
import type { KnownFiles } from '../../image/known-files.ts';
import { UserError } from '../../shared/failure.ts';
import { slimEntry } from '../../slim/slim-entry.ts';
import { readState, stateKeyOf, writeState } from '../../slim/state/state.ts';
import type { NetworkPool } from '../../workload/network-pool.ts';
import type { SweepListener } from '../event.ts';
import type { SharedMachine } from '../machine.ts';
import { startWorkLimit } from '../work-limit.ts';
import { insistInside } from './own-directory.ts';
import { unpackFiles } from './pack.ts';
import type { EntryJob, EntryJobResult } from './protocol.ts';

type PackTools = {
  readonly engine: () => Promise<Engine>;
  readonly networks: NetworkPool;
  readonly knownFiles: KnownFiles;
  readonly machine: SharedMachine;
  readonly signal: AbortSignal;
  readonly on: SweepListener;
  /** Whether this worker trusts no entry, whatever a sweep says. */
  readonly untrusted: boolean;
};

/**
 * Works on an entry in a small separate catalog, made of its packed files in an empty directory. Nothing of the host
 * outside of that directory is read or written for a job, whatever the job says.
 * @throws UserError `refused` for a job that leads out of the directory.
 */
export async function workOnPack(
  { job, bytes, directory }: { readonly job: EntryJob; readonly bytes: Buffer; readonly directory: string },
  { engine, networks, knownFiles, machine, signal, on, untrusted }: PackTools,
): Promise<EntryJobResult> {
  // state lies beside the catalog: no file of the pack can take its place
  const catalog = join(directory, 'catalog');
  const state = join(directory, 'state');
  await mkdir(catalog);
  await unpackFiles(bytes, job.pack, catalog);
  // two of a catalog's folders make its root
  for (const folder of ['library', 'examples']) await mkdir(join(catalog, folder), { recursive: true });
  if (job.state !== null) await writeState(state, job.state);
  using limit = startWorkLimit(job.entryTimeoutMs);
  const both = AbortSignal.any([signal, limit.signal]);
  const path = join(catalog, job.path);
  await insistInside(catalog, path).catch((error: unknown) => {
    // what cannot be read is a result, which the work on it makes
    if (!(error instanceof UserError) || error.code === 'refused') throw error;
  });
  // what may be overwritten is for the sweeping side to say
  const options = {
    ...job.options,
    untrusted: untrusted || job.options.untrusted,
    force: true,
    stateDirectory: state,
  };
  const tools = { engine, networks, knownFiles, signal: both, on, gate: machine.gate(limit, both) };
  const { result, changes } = await slimEntry(path, options, tools);
  return { result, changes, state: result.verified ? await stateOf(path, state) : null };
}

async function stateOf(path: string, directory: string): Promise<EntryJobResult['state']> {
  const unit = await readUnit(path);
  if (!('dockerfile' in unit)) return null;
  return (await readState(directory, stateKeyOf(unit))) ?? null;
}
