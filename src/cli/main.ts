import { CommanderError } from 'commander';
import { type Finding, SEVERITIES } from '../check/finding.ts';
import { FORMATS } from '../check/formats.ts';
import { diskFull } from '../shared/disk-full.ts';
import { firstFailure, UserError } from '../shared/failure.ts';
import { scopeOfRun } from '../shared/scope.ts';
import type { EntryReport } from '../slim/run-entry.ts';
import { commandsDocument, jsonDocument, ourDocument } from '../words/document.ts';
import { show, showLines } from '../words/terminal.ts';
import type { Session } from './commands.ts';
import { errorDocument, sweepDocument } from './documents.ts';
import { EXIT, type ExitCode, exitCodeOf, exitCodeOfFailures } from './exit-code.ts';
import { interrupted, interruptedLine, listenForInterrupt } from './interrupt.ts';
import { createProgram, type Request, verbNames } from './program.ts';
import { slimOptionsOf } from './slim-options.ts';
import type { SweepRun } from './sweep-command.ts';
import { flushed, onPrintError, print, printDocument, report, reportDocument } from './terminal.ts';
import { refuseUnknownWords } from './unknown-words.ts';
import type { UpstreamRequest } from './upstream-verbs.ts';
import type { VerbOutcome } from './verb-outcome.ts';

/** Runs the command as the process's own; whatever goes wrong, the process ends with a code of the contract. */
export async function start(args: readonly string[]): Promise<void> {
  // a reader that has seen enough is no fault; a full disk is, and nothing more can be printed then
  onPrintError((error) => {
    process.exit(error.code === 'EPIPE' ? process.exitCode : EXIT.internal);
  });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      process.exit(tellError(error, { json: asksForJson(args) }));
    });
  }
  process.exitCode = await main(args);
  // what is still being written to a pipe would be cut off
  await flushed();
  // connections to an engine that has fallen silent never close, and would keep the process
  process.exit();
}

/** The whole command: arguments in, exit code out. Results go to standard output, all else to standard error. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const request = parse(args);
    if (request === null) return EXIT.done;
    return await run(request);
  } catch (error) {
    return tellError(error, { json: asksForJson(args) });
  }
}

/** Words behind `--` are no options of ours. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).includes('--json');
}

/** Tells of what kept any result from being formed. */
function tellError(thrown: unknown, { json }: { json: boolean }): ExitCode {
  const first = firstFailure(thrown);
  const error = diskFull(first) ?? first;
  const document = errorDocument(error);
  if (json) printDocument(jsonDocument(document));
  else {
    report(show`kraft-slim: ${document.message}`);
    if (error instanceof UserError && error.detail !== null) report(showLines(error.detail));
    if (document.hint !== null) report(show`hint: ${document.hint}`);
  }
  // a defect of ours: no document has a place for its stack
  if (document.code === 'internal') reportStack(error);
  if (document.code === 'interrupted') return EXIT.interrupted;
  return document.code === 'internal' ? EXIT.internal : EXIT.user;
}

/** Reports where a defect of ours arose. */
function reportStack(error: unknown): void {
  if (error instanceof Error && !(error instanceof UserError))
    report(showLines(error.stack ?? error.message));
}

/** Null where the arguments asked for help or the version alone, which is printed then. */
function parse(args: readonly string[]): Request | null {
  let request: Request | null = null;
  try {
    createProgram((asked) => {
      request = asked;
    }).parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    // commander puts its suggestion on a line of its own
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    throw new UserError('usage', message, { hint: 'see kraft-slim --help', cause: error });
  }
  return request;
}

async function run(request: Request): Promise<ExitCode> {
  using interrupt = listenForInterrupt(() => process.exit(EXIT.interrupted));
  const begun = performance.now();
  try {
    // a name that cannot be used is wrong usage, whatever the verb: no result is formed with it
    scopeOfRun();
    await refuseUnknownWords(request, verbNames());
    if (request.verb === 'clean') return await runClean(request, interrupt.signal);
    if (request.verb === 'check') return await runCheckVerb(request, interrupt.signal);
    if (request.verb === 'worker') return await runWorker(request, interrupt.signal);
    if (request.verb === 'sweep') return await runSweep(request, interrupt.signal);
    if (request.verb === 'refresh' || request.verb === 'pr' || request.verb === 'new')
      return await runVerb(request, interrupt.signal);
    const reports = await runEntries(request, interrupt.signal);
    const many = request.entries.length > 1;
    if (request.json) printResults(reports, { many, elapsedMs: performance.now() - begun });
    else for (const entry of reports) await printReport(entry, request);
    if (interrupt.signal.aborted) sayInterrupted(reports, request.entries.length);
    const exitCodeOnChange = request.verb === 'slim' && request.dryRun && request.exitCode;
    return interrupt.signal.aborted ? EXIT.interrupted : exitCodeOf(reports, { exitCodeOnChange });
  } catch (error) {
    // what broke because of the interruption says less than the interruption
    throw interrupt.signal.aborted ? interrupted(error) : error;
  }
}

/** The last line of a run over entries. */
function sayInterrupted(reports: readonly EntryReport[], of: number): void {
  const isDone = ({ result: { code } }: EntryReport) => code !== 'interrupted' && code !== 'filtered';
  const done = reports.filter(isDone).length;
  report(show`${interruptedLine({ done, of })}`);
}

// what a verb does not need it does not load, since that takes longer than many a verb itself
const loadCommands = () => import('./commands.ts');
const loadProgress = () => import('./progress.ts');
const loadSweep = () => import('./sweep-command.ts');
const loadSweepProgress = () => import('./sweep-progress.ts');
const loadShowResult = () => import('./show-result.ts');

async function runEntries(
  request: Extract<Request, { verb: 'slim' | 'verify' }>,
  signal: AbortSignal,
): Promise<EntryReport[]> {
  const { slimCommand, verifyCommand } = await loadCommands();
  const { showProgress } = await loadProgress();
  using progress = showProgress({ quiet: request.quiet });
  const session: Session = { signal, progress };
  if (request.verb === 'verify') return await verifyCommand(request.entries, request, session);
  return await slimCommand(request.entries, slimOptionsOf(request), session);
}

async function runCheckVerb(
  {
    paths,
    format,
    failOn,
    notes,
    json: _,
    quiet: __,
    verb: ___,
    ...options
  }: Extract<Request, { verb: 'check' }>,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { checkCommand } = await import('./check-command.ts');
  const checked = await checkCommand(paths, options);
  const form = FORMATS.find(({ name }) => name === format);
  const base = process.env.GITHUB_WORKSPACE ?? process.cwd();
  if (form !== undefined) printDocument(form.show({ ...checked, base }));
  else print((await import('./show-findings.ts')).showFindings(checked, { notes }));
  if (signal.aborted) return EXIT.interrupted;
  const isGrave = ({ severity }: Finding) => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(failOn);
  return checked.findings.some(isGrave) ? EXIT.finding : EXIT.done;
}

async function runSweep(
  request: Extract<Request, { verb: 'sweep' }>,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { tellOthers, workflowText } = await loadSweep();
  if (request.printWorkflow) {
    printDocument(ourDocument(await workflowText()));
    return EXIT.done;
  }
  const run = await sweepOrMerge(request, signal);
  const annotations = await tellOthers(request, run);
  if (annotations.length > 0) reportDocument(commandsDocument(annotations));
  const { reports } = run;
  if (!request.json) await showSweep(run, request);
  else if (signal.aborted && reports.length === 0) printDocument(jsonDocument(errorDocument(interrupted())));
  else printDocument(jsonDocument(run.document));
  if (signal.aborted) sayInterrupted(reports, run.chosen);
  const exitCodeOnChange = request.dryRun && request.exitCode;
  return signal.aborted ? EXIT.interrupted : exitCodeOf(run.reports, { exitCodeOnChange, many: true });
}

async function sweepOrMerge(
  request: Extract<Request, { verb: 'sweep' }>,
  signal: AbortSignal,
): Promise<SweepRun> {
  const { mergeCommand, sweepCommand } = await loadSweep();
  if (request.merge !== null) return await mergeCommand(request.merge);
  const { showSweepProgress } = await loadSweepProgress();
  using progress = showSweepProgress({ quiet: request.quiet });
  return await sweepCommand(request, { signal, on: progress.on });
}

async function runWorker(
  request: Extract<Request, { verb: 'worker' }>,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { workerCommand } = await loadSweep();
  const { showSweepProgress } = await loadSweepProgress();
  using progress = showSweepProgress({ quiet: request.quiet });
  const { done, failed } = await workerCommand(request, { signal, on: progress.on });
  if (request.json) printDocument(jsonDocument({ schema: 'kraft-slim/worker/1', done, failed }));
  else print(show`${done} entries done, ${failed} failed`);
  return EXIT.interrupted;
}

/** What is unchanged is counted only. */
async function showSweep({ reports, document }: SweepRun, request: Request): Promise<void> {
  const { showTotals } = await loadShowResult();
  for (const entry of reports) if (entry.result.status !== 'unchanged') await printReport(entry, request);
  print(showTotals(document.totals));
}

/** A verb with a document of its own. */
async function runVerb(request: UpstreamRequest, signal: AbortSignal): Promise<ExitCode> {
  const outcome = await outcomeOf(request, signal);
  if (request.json) printDocument(jsonDocument(outcome.document));
  else print(outcome.text);
  for (const { error } of outcome.failures) {
    // a defect of ours: the document has no place for its stack
    if (request.json) reportStack(error);
  }
  const codes = outcome.failures.map(({ code }) => code);
  return signal.aborted ? EXIT.interrupted : exitCodeOfFailures(codes, outcome.count);
}

async function outcomeOf(request: UpstreamRequest, signal: AbortSignal): Promise<VerbOutcome> {
  const { showProgress } = await loadProgress();
  using progress = showProgress({ quiet: request.quiet });
  const session: Session = { signal, progress };
  switch (request.verb) {
    case 'refresh':
      return await (await import('./refresh-command.ts')).refreshCommand(request, session);
    case 'pr':
      return await (await import('./pr-command.ts')).prCommand(request);
    case 'new':
      return await (await import('./new-command.ts')).newCommand(request, session);
  }
}

async function runClean({ json }: { json: boolean }, signal: AbortSignal): Promise<ExitCode> {
  const { cleanCommand } = await loadCommands();
  const removed = await cleanCommand(signal);
  const { containers, images, networks } = removed;
  if (json) printDocument(jsonDocument({ schema: 'kraft-slim/clean/1', ...removed }));
  else
    print(
      show`removed ${containers.length} containers, ${images.length} images, ${networks.length} networks`,
    );
  return signal.aborted ? EXIT.interrupted : EXIT.done;
}

/** Where a run was interrupted before the first result, there is none to print. */
function printResults(reports: readonly EntryReport[], options: { many: boolean; elapsedMs: number }): void {
  const results = reports.map(({ result }) => result);
  if (results.length === 0) printDocument(jsonDocument(errorDocument(interrupted())));
  else printDocument(jsonDocument(options.many ? sweepDocument(results, options.elapsedMs) : results[0]));
  for (const { error } of reports) {
    // a defect of ours: the document has no place for its stack
    reportStack(error);
  }
}

async function printReport(entry: EntryReport, request: Request): Promise<void> {
  const { showDiff, showResult } = await loadShowResult();
  print(showResult(entry));
  if (!('dryRun' in request) || !request.dryRun || entry.changes.length === 0) return;
  print(show`\n${showDiff(entry.result.entry, entry.changes)}`);
}
