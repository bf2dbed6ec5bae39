import { UserError } from './failure.ts';

/**
 * How much of what strangers give is read or kept. What exceeds a limit ends its entry with `limit-exceeded`, and never
 * the run. Each limit is far beyond what real entries have.
 */
export const LIMITS = {
  /**
   * Kraftfiles around a Dockerfile: each may belong to it, so that each is read for every other. Real entries have
   * ten.
   */
  kraftfiles: 100,
  /** Globs in `keep` and in `drop`: each is tested against each path of a root file system. */
  globs: 250,
  /** Tests of a path of a build context against a rule of its ignore file: 50 rules over 200,000 files. */
  ignoreTests: 10_000_000,
  /** Instructions of a Dockerfile. The largest in public repositories have some hundreds. */
  dockerfileInstructions: 2000,
  /** Stages of a Dockerfile. Each may build on the one before, and is read again for it. */
  dockerfileStages: 300,
  /** Variables of a stage: each ENV and ARG has its own view of them all. */
  dockerfileVariables: 1000,
  /** What one word of a Dockerfile becomes, in characters: `ENV A=$A$A` doubles with each line. */
  expandedCharacters: 256 * 1024,
  /** Steps of a pattern in `${X#pattern}`: its length times that of the value. */
  patternSteps: 1_000_000,
  /** Shell commands in the code blocks of a README. */
  readmeCommands: 2000,
  /** Words of one command; Node's parser of arguments takes time quadratic in them. */
  commandWords: 1000,
  /**
   * Names, facts and processes that a trace is summed up to, in bytes of memory: a file server opens some 10,000
   * names.
   */
  traceBytes: 64 * 1024 ** 2,
  /** One line of a trace: the longest path and arguments that strace prints have some 100 KiB. */
  traceLineBytes: 1024 ** 2,
  /** What an app, or a client, answers or prints where that is compared, in bytes: pages and tables have some KiB. */
  answerBytes: 4 * 1024 ** 2,
  /** Ports of an app that are asked where nothing says which are meant. */
  portsAsked: 64,
  /** Tags of a repository: the largest on Docker Hub has some 60,000. */
  registryTags: 200_000,
  /** Pages of a registry's list of tags. */
  registryPages: 200,
  /** One line of a build's log, in characters; of a longer line the end is left out. */
  buildLogLine: 64 * 1024,
  /** How long one analysis of a foreign program's sources may take, in milliseconds. */
  sourceAnalysisMs: 120_000,
  /** The heap of the worker that analyses sources, in MiB. */
  sourceAnalysisMiB: 512,
} as const;

/** The longest time that a timer of Node can wait; a longer one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @throws UserError `limit-exceeded` where `count` is above `limit`; `what` names what is limited. */
export function assertWithin(count: number, limit: number, what: string): void {
  if (count <= limit) return;
  throw limitExceeded(what, limit);
}

/** The error for what exceeds a limit: `cannot read the Dockerfile: it has more than 2000 instructions`. */
export function limitExceeded(what: string, limit: number, hint?: string): UserError {
  const message = what.replace('%', limit.toLocaleString('en-US'));
  return new UserError('limit-exceeded', message, hint === undefined ? {} : { hint });
}
