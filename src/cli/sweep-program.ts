import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { EntryClass } from '../entry/unit.ts';
import { CLASSES } from '../sweep/classes.ts';
import type { OutputFlags } from './verb-flags.ts';

/** The flags of `sweep` beside those of every verb that slims. Times are in seconds, files are paths of the host. */
export type SweepFlags = {
  readonly filter: readonly string[];
  readonly changedSince: string | null;
  readonly only: readonly EntryClass[];
  readonly skip: readonly EntryClass[];
  readonly shard: string | null;
  readonly durations: string | null;
  /** null for the default. */
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
  kraft-slim sweep                                the catalog of the current directory
  kraft-slim sweep ../catalog --filter 'library/*' --skip native
  kraft-slim sweep --changed-since origin/main --dry-run --exit-code
  kraft-slim sweep --shard 1/4 --durations last.json --json > shards/1.json
  kraft-slim sweep --merge shards --summary summary.md
  kraft-slim sweep --queue rediss://:secret@queue.example:6380
  kraft-slim sweep --print-workflow > .github/workflows/kraft-slim.yaml`;

/** Adds the verb `sweep`, whose common flags are there already. */
export function sweepVerb(command: Command, take: (request: SweepAsked) => void): void {
  command
    .description('slim every entry of a catalog in one run, on this machine or on many')
    .argument('[catalog]', 'a directory of the catalog: sweep the entries below it', '.')
    .option('--filter <glob...>', 'sweep only entries whose path matches, such as library/*', [])
    .option('--changed-since <ref>', 'sweep only entries that differ from a commit, branch or tag')
    .option(
      '--only <classes>',
      'sweep only these classes: complete, runtime-delta, library, native, or A to D',
      classes,
      [],
    )
    .option('--skip <classes>', 'skip these classes', classes, [])
    .option('--shard <i/n>', 'sweep only part i of n parts')
    .option(
      '--durations <file>',
      'the JSON document of an earlier sweep: make shards of equal time, start long entries first',
    )
    .option('--jobs <n>', 'entries at once (default: twice the processors; over a queue 256)', count)
    .option('--builds <n>', 'builds at once', count, availableParallelism())
    .option('--runs <n>', 'running apps at once, if the memory allows it', count, 2 * availableParallelism())
    .option('--entry-timeout <seconds>', 'stop an entry after this working time', count, 3600)
    .option('--events <file>', 'write events, one JSON object a line')
    .option('--summary <file>', 'write a summary in Markdown')
    .option('--queue <url>', 'let workers do the work: a redis:// or rediss:// URL with the password')
    .option('--merge <dir>', 'merge the JSON documents of shards in this directory')
    .option('--print-workflow', 'print a workflow for GitHub Actions that sweeps in shards', false)
    .addHelpText('after', EXAMPLES)
    .action((catalog: string, flags) => take({ verb: 'sweep', catalog, ...nulls(flags) } as SweepAsked));
}

/** Adds the verb `worker`, whose output flags are there already. */
export function workerVerb(command: Command, take: (request: WorkerAsked) => void): void {
  command
    .description('take part in sweeps over a queue, until interrupted')
    .requiredOption('--queue <url>', 'the queue: a redis:// or rediss:// URL with the password')
    .option('--concurrency <n>', 'entries at once', count, 2 * availableParallelism())
    .option('--builds <n>', 'builds at once', count, availableParallelism())
    .option('--runs <n>', 'running apps at once, if the memory allows it', count, 2 * availableParallelism())
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
    const known = CLASSES[name.trim()];
    if (known === undefined)
      throw new InvalidArgumentError(`${name} is not a class: ${Object.keys(CLASSES).join(', ')}.`);
    return known;
  });
  return [...before, ...found];
}

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('expected a whole number above 0.');
  return Number(text);
}
