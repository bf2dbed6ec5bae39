import { CommanderError } from 'commander';
import { isAtLeast } from '../check/finding.ts';
import { FORMATS } from '../check/formats.ts';
import { diskFull } from '../shared/disk-full.ts';
import { firstFailure, UserError } from '../shared/failure.ts';
import { scopeOfRun } from '../shared/scope.ts';
import type { EntryReport } from '../slim/run-entry.ts';
import { commandsDocument, jsonDocument, ourDocument } from '../words/document.ts';
import { show, showLines } from '../words/terminal.ts';
import type { Session } from './commands.ts';
import { errorDocument } from './documents.ts';
import { EXIT, type ExitCode, exitCodeOf, exitCodeOfFailures } from './exit-code.ts';
import { interrupted, listenForInterrupt } from './interrupt.ts';
import { printReport, printResults, reportStack, sayInterrupted, showSweep } from './print-results.ts';
import { createProgram, type Request, verbNames } from './program.ts';
import { slimOptionsOf } from './slim-options.ts';
import type { SweepRun } from './sweep-command.ts';
import { flushed, onPrintError, print, printDocument, report, reportDocument } from './terminal.ts';
import { refuseUnknownWords } from './unknown-words.ts';
import type { UpstreamRequest } from './upstream-verbs.ts';
import type { VerbOutcome } from './verb-outcome.ts';

/** Runs the command as the process; after every failure the process ends with a code of the contract. */
export async function start(args: readonly string[]): Promise<void> {
  // a reader that closes the pipe early is no fault; a full disk is, and then no output is possible
  onPrintError((error) => {
    process.exit(error.code === 'EPIPE' ? process.exitCode : EXIT.internal);
  });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      process.exit(reportError(error, { json: asksForJson(args) }));
    });
  }
  process.exitCode = await main(args);
  // an exit would cut off output on its way to a pipe
  await flushed();
  // connections to a silent engine never close, and would keep the process alive
  process.exit();
}

/** The whole command: arguments in, exit code out. Results go to standard output, all else to standard error. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const request = parse(args);
    if (request === null) return EXIT.done;
    return await run(request);
  } catch (error) {
    return reportError(error, { json: asksForJson(args) });
  }
}

/** Words after `--` are no options of kraft-slim. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).includes('--json');
}

/** Reports the failure of a run without a result. */
function reportError(thrown: unknown, { json }: { json: boolean }): ExitCode {
  const first = firstFailure(thrown);
  const error = diskFull(first) ?? first;
  const document = errorDocument(error);
  if (json) printDocument(jsonDocument(document));
  else {
    report(show`kraft-slim: ${document.message}`);
    if (error instanceof UserError && error.detail !== null) report(showLines(error.detail));
    if (document.hint !== null) report(show`hint: ${document.hint}`);
  }
  // a bug of kraft-slim: no document has a place for its stack
  if (document.code === 'internal') reportStack(error);
  if (document.code === 'interrupted') return EXIT.interrupted;
  return document.code === 'internal' ? EXIT.internal : EXIT.user;
}

/** Parses the arguments; null if they only request help or the version, which commander prints. */
function parse(args: readonly string[]): Request | null {
  let request: Request | null = null;
  try {
    createProgram((parsed) => {
      request = parsed;
    }).parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    // commander puts its suggestion on a separate line
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    throw new UserError('usage', message, { hint: 'run kraft-slim --help', cause: error });
  }
  return request;
}

async function run(request: Request): Promise<ExitCode> {
  using interrupt = listenForInterrupt(() => process.exit(EXIT.interrupted));
  const begun = performance.now();
  try {
    // an invalid scope name is wrong usage for every verb: no run gives a result with it
    scopeOfRun();
    await refuseUnknownWords(request, verbNames());
    if (request.verb === 'clean') return await runClean(request, interrupt.signal);
    if (request.verb === 'check') return await runCheckVerb(request, interrupt.signal);
    if (request.verb === 'worker') return await runWorker(request, interrupt.signal);
    if (request.verb === 'sweep') return await runSweep(request, interrupt.signal);
    if (
      request.verb === 'refresh' ||
      request.verb === 'pr' ||
      request.verb === 'new' ||
      request.verb === 'migrate'
    )
      return await runVerb(request, interrupt.signal);
    const reports = await runEntries(request, interrupt.signal);
    const many = request.entries.length > 1;
    if (request.json) printResults(reports, { many, elapsedMs: performance.now() - begun });
    else for (const entry of reports) await printReport(entry, request);
    if (interrupt.signal.aborted) sayInterrupted(reports, request.entries.length);
    const exitCodeOnChange = request.verb === 'slim' && request.dryRun && request.exitCode;
    return interrupt.signal.aborted ? EXIT.interrupted : exitCodeOf(reports, { exitCodeOnChange });
  } catch (error) {
    // a failure that the interruption caused says less than the interruption
    throw interrupt.signal.aborted ? interrupted(error) : error;
  }
}

// a verb loads only the modules that it needs: loading takes longer than many a verb
const loadCommands = () => import('./commands.ts');
const loadProgress = () => import('./progress.ts');
const loadSweep = () => import('./sweep-command.ts');
const loadSweepProgress = () => import('./sweep-progress.ts');

async function runEntries(
  request: Extract<Request, { verb: 'slim' | 'verify' }>,
  signal: AbortSignal,
): Promise<EntryReport[]> {
  const { slimCommand, verifyCommand } = await loadCommands();
  const { showProgress } = await loadProgress();
  using progress = showProgress({ quiet: request.quiet });
  const session: Session = { signal, progress };
  if (request.verb === 'verify') return await verifyCommand(request.entries, request, session);
  const visit = request.interactive ? (await import('./interactive.ts')).untilEnter : null;
  return await slimCommand(request.entries, slimOptionsOf(request), { ...session, visit });
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
  if (form !== undefined) printDocument(form.show({ ...checked, base, failOn }));
  else print((await import('./show-findings.ts')).showFindings(checked, { notes }));
  if (signal.aborted) return EXIT.interrupted;
  return checked.findings.some(({ severity }) => isAtLeast(severity, failOn)) ? EXIT.finding : EXIT.done;
}

async function runSweep(
  request: Extract<Request, { verb: 'sweep' }>,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { writeSummaries, workflowText } = await loadSweep();
  if (request.printWorkflow) {
    printDocument(ourDocument(await workflowText()));
    return EXIT.done;
  }
  const run = await sweepOrMerge(request, signal);
  const annotations = await writeSummaries(request, run);
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

/** Runs a verb that has a separate document. */
async function runVerb(request: UpstreamRequest, signal: AbortSignal): Promise<ExitCode> {
  const outcome = await outcomeOf(request, signal);
  if (request.json) printDocument(jsonDocument(outcome.document));
  else print(outcome.text);
  for (const { error } of outcome.failures) {
    // a bug of kraft-slim: the document has no place for its stack
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
    case 'migrate':
      return await (await import('./migrate-command.ts')).migrateCommand(request, signal);
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
