import type { EntryReport, EntryTools } from '../slim/run-entry.ts';
import { slimEntry } from '../slim/slim-entry.ts';

export type SlimAnewOptions = {
  readonly stateDirectory: string;
  /** Whether what git has nowhere is the tool's own, and may be overwritten. */
  readonly force: boolean;
  /** See `SlimEntryOptions`. */
  readonly untrusted: boolean;
};

/** Slims an entry that was just made, or whose base has changed: nothing that was found out before holds. */
export async function slimAnew(
  path: string,
  options: SlimAnewOptions,
  tools: EntryTools,
): Promise<EntryReport> {
  const usual = {
    dryRun: false,
    redo: true,
    askStages: false,
    upgrade: false,
    search: null,
    placeholders: false,
  };
  return await slimEntry(path, { ...usual, ...options }, tools);
}
