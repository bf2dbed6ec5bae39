import { UserError } from '../shared/failure.ts';
import type { EntryReport } from '../slim/run-entry.ts';
import { jsonDocument } from '../words/document.ts';
import { show, showLines } from '../words/terminal.ts';
import { errorDocument, sweepDocument } from './documents.ts';
import { interrupted, interruptedLine } from './interrupt.ts';
import type { Request } from './program.ts';
import type { SweepRun } from './sweep-command.ts';
import { print, printDocument, report } from './terminal.ts';

// a verb loads only the modules that it needs
const loadShowResult = () => import('./show-result.ts');

/** The last line of a run over entries. */
export function sayInterrupted(reports: readonly EntryReport[], of: number): void {
  const isDone = ({ result: { code } }: EntryReport) => code !== 'interrupted' && code !== 'filtered';
  const done = reports.filter(isDone).length;
  report(show`${interruptedLine({ done, of })}`);
}

/** Prints every entry except unchanged entries, and the totals. */
export async function showSweep({ reports, document }: SweepRun, request: Request): Promise<void> {
  const { showTotals } = await loadShowResult();
  for (const entry of reports) if (entry.result.status !== 'unchanged') await printReport(entry, request);
  print(showTotals(document.totals));
}

/** Prints the results; a run that was interrupted before its first result prints an error document. */
export function printResults(
  reports: readonly EntryReport[],
  options: { many: boolean; elapsedMs: number },
): void {
  const results = reports.map(({ result }) => result);
  if (results.length === 0) printDocument(jsonDocument(errorDocument(interrupted())));
  else printDocument(jsonDocument(options.many ? sweepDocument(results, options.elapsedMs) : results[0]));
  for (const { error } of reports) {
    // a bug of kraft-slim: the document has no place for its stack
    reportStack(error);
  }
}

export async function printReport(entry: EntryReport, request: Request): Promise<void> {
  const { showDiff, showResult } = await loadShowResult();
  print(showResult(entry));
  if (!('dryRun' in request) || !request.dryRun || entry.changes.length === 0) return;
  print(show`\n${showDiff(entry.result.entry, entry.changes)}`);
}
/** Reports where a bug of kraft-slim arose. */
export function reportStack(error: unknown): void {
  if (error instanceof Error && !(error instanceof UserError))
    report(showLines(error.stack ?? error.message));
}
