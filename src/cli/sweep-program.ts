import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { EntryClass } from '../entry/unit.ts';
import { CLASSES } from '../sweep/classes.ts';
import type { OutputFlags } from './verb-flags.ts';

/** What `sweep` takes beside the flags of every verb that slims. Seconds are seconds, files are paths of the host. */
export type SweepFlags = {
  readonly filter: readonly string[];
  readonly changedSince: string | null;
  readonly only: readonly EntryClass[];
  readonly skip: readonly EntryClass[];
  readonly shard: string | null;
  readonly durations: string | null;
  /** null for what is usual. */
  readonly jobs: number | null;
  readonly builds: number;
  readonly runs: number;
  readonly entryTimeout: number;
  readonly events: string | null;
  readonly summary: string | null;
  readonly merge: string | null;
  readonly printWorkflow: boolean;
  readonly queue: string | null;
};

export type SweepAsked = { readonly verb: 'sweep'; readonly catalog: string } & SweepFlags;

export type WorkerAsked = {
  readonly verb: 'worker';
  readonly queue: string;
  readonly concurrency: number;
  readonly builds: number;
  readonly runs: number;
  readonly untrusted: boolean;
} & OutputFlags;

const EXAMPLES = `
Examples:
  kraft-slim sweep                                the whole catalog around here
  kraft-slim sweep ../catalog --filter 'library/*' --skip native
  kraft-slim sweep --changed-since origin/main --dry-run --exit-code
  kraft-slim sweep --shard 1/4 --durations last.json --json > shards/1.json
  kraft-slim sweep --merge shards --summary summary.md
  kraft-slim sweep --queue rediss://:secret@queue.example:6380
  kraft-slim sweep --print-workflow > .github/workflows/kraft-slim.yaml`;

/** Adds the verb `sweep`, whose common flags are there already. */
export function sweepVerb(command: Command, take: (asked: SweepAsked) => void): void {
  command
    .description('every entry of a catalog in one run, on this machine or on many')
    .argument('[catalog]', 'a directory of the catalog: entries below it', '.')
    .option('--filter <glob...>', 'only entries whose path matches: library/*', [])
    .option('--changed-since <ref>', 'only entries that differ from a commit, branch or tag')
    .option(
      '--only <classes>',
      'only these: complete, runtime-delta, library, native, or A to D',
      classes,
      [],
    )
    .option('--skip <classes>', 'all but these', classes, [])
    .option('--shard <i/n>', 'the part i of n that do not know of each other')
    .option(
      '--durations <file>',
      'the JSON document of an earlier sweep: shards of equal time, the longest first',
    )
    .option(
      '--jobs <n>',
      'entries at once: by default twice the processors, over a queue 256 under way',
      count,
    )
    .option('--builds <n>', 'builds at once', count, availableParallelism())
    .option('--runs <n>', 'apps that run at once, memory permitting', count, 2 * availableParallelism())
    .option('--entry-timeout <seconds>', 'the longest that an entry is worked on', count, 3600)
    .option('--events <file>', 'what happens, one JSON object a line')
    .option('--summary <file>', 'a summary in Markdown')
    .option('--queue <url>', 'let workers do it: redis:// or rediss://, with the password in it')
    .option('--merge <dir>', 'merge the JSON documents of shards')
    .option('--print-workflow', 'print a workflow for GitHub Actions that sweeps in shards', false)
    .addHelpText('after', EXAMPLES)
    .action((catalog: string, flags) => take({ verb: 'sweep', catalog, ...nulls(flags) } as SweepAsked));
}

/** Adds the verb `worker`, whose output flags are there already. */
export function workerVerb(command: Command, take: (asked: WorkerAsked) => void): void {
  command
    .description('take part in a sweep over a queue, until it is interrupted')
    .requiredOption('--queue <url>', 'redis:// or rediss://, with the password in it')
    .option('--concurrency <n>', 'entries at once', count, 2 * availableParallelism())
    .option('--builds <n>', 'builds at once', count, availableParallelism())
    .option('--runs <n>', 'apps that run at once, memory permitting', count, 2 * availableParallelism())
    .action((flags) => take({ verb: 'worker', ...flags } as WorkerAsked));
}

const OPTIONAL = [
  'state',
  'strategy',
  'maxRuns',
  'changedSince',
  'shard',
  'durations',
  'jobs',
  'events',
  'summary',
  'merge',
  'queue',
];

function nulls(flags: Record<string, unknown>): Record<string, unknown> {
  return { ...Object.fromEntries(OPTIONAL.map((name) => [name, null])), ...flags };
}

function classes(text: string, before: readonly EntryClass[]): EntryClass[] {
  const found = text.split(',').map((name) => {
    const own = CLASSES[name.trim()];
    if (own === undefined)
      throw new InvalidArgumentError(`${name} is no class: ${Object.keys(CLASSES).join(', ')}.`);
    return own;
  });
  return [...before, ...found];
}

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('it is a whole number, 1 at least.');
  return Number(text);
}
