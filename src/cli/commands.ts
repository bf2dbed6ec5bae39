import { connectEngine } from '../engine/connect.ts';
import type { Engine, Leftovers } from '../engine/engine.ts';
import { disposeAll } from '../shared/dispose-all.ts';
import { distinctEntries } from '../slim/distinct-entries.ts';
import type { Warning } from '../slim/result.ts';
import { type EntryReport, type EntryTools, notTidied } from '../slim/run-entry.ts';
import { type SlimEntryOptions, slimEntry } from '../slim/slim-entry.ts';
import { removeSpools } from '../slim/spools.ts';
import { verifyEntry } from '../slim/verify-entry.ts';
import { networkPool } from '../workload/network-pool.ts';
import type { Progress } from './progress.ts';

/** What a command is run with: the way to stop it and the place to tell of its progress. */
export type Session = { readonly signal: AbortSignal; readonly progress: Progress };

export async function slimCommand(
  entries: readonly string[],
  options: SlimEntryOptions,
  session: Session,
): Promise<EntryReport[]> {
  return await forEach(entries, session, (entry, tools) => slimEntry(entry, options, tools));
}

export async function verifyCommand(
  entries: readonly string[],
  options: { readonly untrusted: boolean },
  session: Session,
): Promise<EntryReport[]> {
  return await forEach(entries, session, (entry, tools) => verifyEntry(entry, options, tools));
}

/** Removes everything that the tool has left behind, helper images and spools included. */
export async function cleanCommand(signal: AbortSignal): Promise<Leftovers> {
  // what lies on this host goes also where no engine answers
  await removeSpools('all');
  const engine = await connectEngine(signal);
  return await engine.clean('all');
}

/** One entry after the other; an interrupted run gives what is finished, and the one it was at. */
async function forEach(
  entries: readonly string[],
  { signal, progress }: Session,
  work: (entry: string, tools: EntryTools) => Promise<EntryReport>,
): Promise<EntryReport[]> {
  const engine = engineOnDemand(signal);
  const networks = networkPool();
  const reports: EntryReport[] = [];
  try {
    for (const entry of await distinctEntries(entries)) {
      if (signal.aborted) break;
      reports.push(await work(entry, { engine, networks, signal, on: progress.listener }));
    }
  } finally {
    await disposeAll([networks]).catch((error: unknown) => warnLast(reports, notTidied(error)));
  }
  return reports;
}

/** What fails after the last entry takes no result away: the last one carries the warning. */
function warnLast(reports: EntryReport[], warning: Warning): void {
  const last = reports.pop();
  if (last === undefined) return;
  const { result } = last;
  reports.push({ ...last, result: { ...result, warnings: [...result.warnings, warning] } });
}

/** The engine, connected to when it is first asked for. */
export function engineOnDemand(signal: AbortSignal): () => Promise<Engine> {
  let connected: Promise<Engine> | undefined;
  return () => {
    connected ??= connectAndTidy(signal);
    return connected;
  };
}

/** Connects, and removes what runs that were killed have left in the engine. */
async function connectAndTidy(signal: AbortSignal): Promise<Engine> {
  const engine = await connectEngine(signal);
  await Promise.all([engine.clean('abandoned'), removeSpools('abandoned')]);
  return engine;
}
