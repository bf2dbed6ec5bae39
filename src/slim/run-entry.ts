import { nameOfPath } from '../catalog/catalog-root.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Engine } from '../engine/engine.ts';
import { readUnit } from '../entry/read-unit.ts';
import { dependentsOf as findDependents, runtimeUnit } from '../entry/runtime.ts';
import type { RootfsUnit, UnitKraftfile } from '../entry/unit.ts';
import type { KnownFiles } from '../image/known-files.ts';
import { append } from '../shared/append.ts';
import { diskFull } from '../shared/disk-full.ts';
import { disposeAll } from '../shared/dispose-all.ts';
import {
  FAILURE_CODES,
  type FailureCode,
  firstFailure,
  messageOf,
  type SkipCode,
  UserError,
} from '../shared/failure.ts';
import { unlessAborted } from '../shared/unless-aborted.ts';
import { type NetworkPool, networkPool } from '../workload/network-pool.ts';
import type { VisitWait } from '../workload/visit.ts';
import type { Listener } from './event.ts';
import type { FileChange } from './file-change.ts';
import type { VisitOffer } from './find/visit-offer.ts';
import { type Gate, OPEN_GATE } from './gate.ts';
import type { Findings, OpenedUnit } from './opened-unit.ts';
import type { PromisedSize } from './plan/promised-sizes.ts';
import { reporterOf } from './reporter.ts';
import { emptyResult, type Result, type Warning } from './result.ts';
import type { ResolveImage } from './state/fingerprint.ts';
import { startStopwatch } from './stopwatch.ts';
import type { FindDependents, Task } from './task.ts';
import type { Tools } from './tools.ts';
import { readUnitDockerfile } from './unit-texts.ts';

export type EntryTools = {
  /** Reached only when it is needed: a skipped entry needs none. */
  readonly engine: () => Promise<Engine>;
  readonly signal: AbortSignal;
  readonly on: Listener;
  /** Where several entries are worked on at once; by default nothing waits. */
  readonly gate?: Gate;
  /** A caller that knows the whole catalog gives these faster than a look at the disk. */
  readonly dependentsOf?: FindDependents;
  /** Shared between entries; by default an entry has its own. */
  readonly networks?: NetworkPool;
  /** Files of images, shared between entries; by default each image is taken as a whole. */
  readonly knownFiles?: KnownFiles;
  /** Waits while a person uses the traced app; absent without `--interactive`. */
  readonly visit?: VisitWait;
  /** Shared between entries, so that the engine is asked once for each image. */
  readonly resolveImage?: ResolveImage;
};

/** What became of an entry, with what a result has no place for. */
export type EntryReport = {
  readonly result: Result;
  /** Files that were, or with --dry-run would be, written. */
  readonly changes: readonly FileChange[];
  /** What went wrong, whole; null where nothing did. */
  readonly error: unknown;
  /** What each rule of the promise costs; absent where nothing was analysed. */
  readonly promised?: readonly PromisedSize[];
  /** What a person's use of the app adds; absent without `--interactive`. */
  readonly visited?: VisitOffer;
};

const ABSENT: Warning = {
  code: 'kraftfile-absent',
  message:
    'there is no Kraftfile: kraft-slim takes the command of the image, and writes a Kraftfile when it slims the entry',
};

/** An end that is no failure: the entry is not for this tool. */
class Skip extends Error {
  readonly code: SkipCode;

  constructor(code: SkipCode, reason: string) {
    super(reason);
    this.code = code;
  }
}

export function skip(code: SkipCode, reason: string): never {
  throw new Skip(code, reason);
}

/**
 * Reads the entry at a path, works on it, and makes one result of whatever comes of it: a failure is data like
 * anything else. Only a defect of the tool (`internal`) keeps its error, for the caller.
 */
export async function runEntry(
  path: string,
  tools: EntryTools & { readonly untrusted: boolean },
  work: (
    opened: OpenedUnit,
  ) => Promise<{ findings: Findings } & Pick<EntryReport, 'changes' | 'promised' | 'visited'>>,
): Promise<EntryReport> {
  const stopwatch = startStopwatch();
  const warnings: Warning[] = [];
  const lost = new AbortController();
  const signal = AbortSignal.any([tools.signal, lost.signal]);
  const fallbackPool = networkPool();
  let known: Result = emptyResult(nameOfPath(path));
  const finish = (rest: Partial<Result>): Result => ({
    ...known,
    ...rest,
    warnings,
    seconds: stopwatch.seconds(),
  });
  const learn = (found: Partial<Result>) => {
    known = { ...known, ...found };
  };
  const warn = (warning: Warning) => {
    if (!warnings.some(({ message }) => message === warning.message)) warnings.push(warning);
  };
  try {
    const unit = await readUnit(path);
    learn({ entry: unit.name, class: unit.class });
    append(warnings, unit.kraftfiles.flatMap(warningsOf));
    if ('reason' in unit) skip('no-dockerfile', unit.reason);
    if (unit.isBare) warnings.push(ABSENT);
    const { task, text } = await openTask(unit, tools);
    const reporter = reporterOf(unit.name, { ...stopwatch, on: tools.on, warn, learn });
    const open = async () => ({
      ...sharedTools(tools, fallbackPool),
      engine: engineFor(await unlessAborted(tools.engine(), signal), signal, lost),
      signal,
    });
    const done = await work({ task, text, reporter, tools: open, known: () => known });
    // what is written stays written, whatever cannot be removed after it
    await disposeAll([fallbackPool]).catch((error: unknown) => warn(notTidied(error)));
    const { findings, ...rest } = done;
    return { result: finish(findings), error: null, ...rest };
  } catch (thrown) {
    const error = firstFailure(thrown);
    await disposeAll([fallbackPool]).catch((fault: unknown) => warnings.push(notTidied(fault)));
    return endOf(error, { signal, finish });
  }
}

/** The settings and the Dockerfile of a unit. A runtime that the catalog lacks is refused before anything is built. */
async function openTask(
  unit: RootfsUnit,
  { untrusted, dependentsOf = findDependents }: Pick<EntryTools, 'dependentsOf'> & { untrusted: boolean },
): Promise<{ readonly task: Task; readonly text: string }> {
  const config = await loadConfig({
    entryDirectory: unit.directory,
    catalogRoot: unit.catalogRoot,
    untrusted,
  });
  const text = readUnitDockerfile(unit);
  if (unit.class === 'runtime-delta') await runtimeUnit(unit);
  return { task: { unit, config, untrusted, dependentsOf }, text };
}

/** The tools that a caller shares between entries. */
function sharedTools(
  { networks, gate = OPEN_GATE, knownFiles, visit }: EntryTools,
  fallbackPool: NetworkPool,
): Omit<Tools, 'engine' | 'signal'> {
  return {
    networks: networks ?? fallbackPool,
    gate,
    knownFiles: knownFiles ?? null,
    visit: visit ?? null,
  };
}

/** What becomes of an entry whose work ended early. */
function endOf(
  error: unknown,
  { signal, finish }: { signal: AbortSignal; finish: (rest: Partial<Result>) => Result },
): EntryReport {
  if (error instanceof Skip) {
    const rest = { status: 'skipped', code: error.code, reason: error.message } as const;
    return { result: finish(rest), changes: [], error: null };
  }
  const cause = causeOf(error, signal);
  const rest = {
    status: 'failed',
    code: failureCodeOf(cause),
    reason: messageOf(cause),
    detail: cause instanceof UserError ? cause.detail : null,
    hint: cause instanceof UserError ? cause.hint : null,
  } as const;
  return { result: finish(rest), changes: [], error: cause };
}

/** The engine for the work on one entry, which ends where the engine goes away. */
function engineFor(engine: Engine, signal: AbortSignal, lost: AbortController): Engine {
  return engine.during({ signal, onFault: (fault) => lost.abort(fault) });
}

/** What is left in the engine: the next run removes it. */
export function notTidied(error: unknown): Warning {
  const message = `kraft-slim could not remove everything that the run made in the engine: ${messageOf(firstFailure(error))}`;
  return { code: 'not-tidied', message };
}

/** What is odd about a Kraftfile, and what of it the tool leaves alone. */
function warningsOf({ name, kraftfile }: UnitKraftfile): Warning[] {
  const foreign = kraftfile.targets.filter(({ architecture }) => architecture !== 'x86_64');
  return [
    ...kraftfile.warnings.map(({ code, message }) => ({ code, message: `${name}: ${message}` })),
    ...foreign.map(({ platform, architecture }) => ({
      code: 'target-left-alone' as const,
      message: `${name}: the target ${platform}/${architecture} is unchanged: kraft-slim supports x86_64 only`,
    })),
  ];
}

/** What ended the work: the reason of the stop says more than the errors that followed from it. */
function causeOf(error: unknown, { aborted, reason }: AbortSignal): unknown {
  // wherever it was written to: a full disk is no defect of the tool, and the cause where an export ends early
  // because of it
  const full = error instanceof UserError && error.code === 'disk-full' ? error : diskFull(error);
  if (full !== undefined) return full;
  if (!aborted) return error;
  return reason instanceof UserError
    ? reason
    : new UserError('interrupted', messageOf(error), { cause: error });
}

/**
 * The code of the result for what ended the work on an entry: `internal` for all that is no `UserError` of a result.
 */
export function failureCodeOf(error: unknown): FailureCode {
  if (!(error instanceof UserError)) return 'internal';
  const { code } = error;
  return (FAILURE_CODES as readonly string[]).includes(code) ? (code as FailureCode) : 'internal';
}
