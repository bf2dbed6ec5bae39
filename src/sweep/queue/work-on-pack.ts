import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { readUnit } from '../../entry/read-unit.ts';
import type { KnownFiles } from '../../image/known-files.ts';
import { slimEntry } from '../../slim/slim-entry.ts';
import { readState, STATE_DIRECTORY, stateKeyOf, writeState } from '../../slim/state.ts';
import type { NetworkPool } from '../../workload/network-pool.ts';
import type { SweepListener } from '../event.ts';
import type { Machine } from '../machine.ts';
import { startWorkLimit } from '../work-limit.ts';
import { unpackFiles } from './pack.ts';
import type { EntryJob, EntryJobResult } from './protocol.ts';

type PackTools = {
  readonly engine: () => Promise<Engine>;
  readonly networks: NetworkPool;
  readonly knownFiles: KnownFiles;
  readonly machine: Machine;
  readonly signal: AbortSignal;
  readonly on: SweepListener;
};

/** Works on an entry in a small catalog of its own, made of its packed files in an empty directory. */
export async function workOnPack(
  { job, bytes, directory }: { readonly job: EntryJob; readonly bytes: Buffer; readonly directory: string },
  { engine, networks, knownFiles, machine, signal, on }: PackTools,
): Promise<EntryJobResult> {
  await unpackFiles(bytes, job.pack, directory);
  // two of a catalog's folders make its root
  for (const folder of ['library', 'examples']) await mkdir(join(directory, folder), { recursive: true });
  const state = join(directory, STATE_DIRECTORY);
  if (job.state !== null) await writeState(state, job.state);
  using limit = startWorkLimit(job.entryTimeoutMs);
  const both = AbortSignal.any([signal, limit.signal]);
  const path = join(directory, job.path);
  // what may be overwritten is for the sweeping side to say
  const options = { ...job.options, force: true, stateDirectory: state };
  const tools = { engine, networks, knownFiles, signal: both, on, gate: machine.gate(limit, both) };
  const { result, changes } = await slimEntry(path, options, tools);
  return { result, changes, state: result.verified ? await stateOf(path, state) : null };
}

async function stateOf(path: string, directory: string): Promise<EntryJobResult['state']> {
  const unit = await readUnit(path);
  if (!('dockerfile' in unit)) return null;
  return (await readState(directory, stateKeyOf(unit))) ?? null;
}
