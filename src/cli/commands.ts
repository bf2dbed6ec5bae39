import { connectEngine } from '../engine/connect.ts';
import type { Engine, Leftovers } from '../engine/engine.ts';
import { disposeAll } from '../shared/dispose-all.ts';
import { distinctEntries } from '../slim/distinct-entries.ts';
import type { SlimEntryOptions } from '../slim/entry-options.ts';
import type { Warning } from '../slim/result.ts';
import { type EntryReport, type EntryTools, notTidied } from '../slim/run-entry.ts';
import { slimEntry } from '../slim/slim-entry.ts';
import { removeSpools } from '../slim/spools.ts';
import { verifyEntry } from '../slim/verify-entry.ts';
import { networkPool } from '../workload/network-pool.ts';
import type { VisitWait } from '../workload/visit.ts';
import type { Progress } from './progress.ts';

/** What a command runs with: a signal that stops it and the display of its progress. */
export type Session = { readonly signal: AbortSignal; readonly progress: Progress };

export async function slimCommand(
  entries: readonly string[],
  options: SlimEntryOptions,
  session: Session & { readonly visit: VisitWait | null },
): Promise<EntryReport[]> {
  const visiting = session.visit === null ? {} : { visit: session.visit };
  return await forEach(entries, session, (entry, tools) =>
    slimEntry(entry, options, { ...tools, ...visiting }),
  );
}

export async function verifyCommand(
  entries: readonly string[],
  options: { readonly untrusted: boolean },
  session: Session,
): Promise<EntryReport[]> {
  return await forEach(entries, session, (entry, tools) => verifyEntry(entry, options, tools));
}

/** Removes everything that kraft-slim left behind, helper images and spools included. */
export async function cleanCommand(signal: AbortSignal): Promise<Leftovers> {
  // directories of this host go even if no engine answers
  await removeSpools('all');
  const engine = await connectEngine(signal);
  return await engine.clean('all');
}

/** Runs one entry after the other; an interrupted run returns the finished entries and the entry in progress. */
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

/** A failure after the last entry removes no result: the last result carries the warning. */
function warnLast(reports: EntryReport[], warning: Warning): void {
  const last = reports.pop();
  if (last === undefined) return;
  const { result } = last;
  reports.push({ ...last, result: { ...result, warnings: [...result.warnings, warning] } });
}

/** The engine; the first call connects to it. */
export function engineOnDemand(signal: AbortSignal): () => Promise<Engine> {
  let connected: Promise<Engine> | undefined;
  return () => {
    connected ??= connectAndTidy(signal);
    return connected;
  };
}

/** Connects, and removes what killed runs left in the engine. */
async function connectAndTidy(signal: AbortSignal): Promise<Engine> {
  const engine = await connectEngine(signal);
  await Promise.all([engine.clean('abandoned'), removeSpools('abandoned')]);
  return engine;
}
