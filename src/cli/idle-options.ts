import type { Command } from 'commander';

/** The options and arguments of one call, as far as the command line gives them. */
type Call = {
  readonly has: (option: string) => boolean;
  readonly value: (option: string) => unknown;
  readonly args: readonly string[];
};

/** When an option has an effect: `works` is false for a call in which it has none, and `why` says so. */
type Effect = {
  /** Names of verbs; the default verb has the name of the program. */
  readonly verbs: readonly string[];
  /** As commander names it: `maxRuns` for `--max-runs`. */
  readonly option: string;
  readonly works: (call: Call) => boolean;
  readonly why: string;
};

const SLIMMING = ['kraft-slim', 'sweep'];
const SEARCHES = ['minimal', 'searchOnly', 'strategy'];
const searches = ({ has }: Call) => SEARCHES.some(has);
const NO_SEARCH = 'it needs --minimal, --search-only or --strategy';

/** Whether `--skip` removes something that `--only` leaves. */
function skipsSome({ has, value }: Call): boolean {
  const only = value('only') as readonly string[];
  return !has('only') || (value('skip') as readonly string[]).some((name) => only.includes(name));
}

/** Every option that some call makes idle; all others always have an effect. */
const EFFECTS: readonly Effect[] = [
  { verbs: SLIMMING, option: 'exitCode', works: ({ has }) => has('dryRun'), why: 'it needs --dry-run' },
  { verbs: SLIMMING, option: 'force', works: ({ has }) => !has('dryRun'), why: '--dry-run writes nothing' },
  { verbs: SLIMMING, option: 'aggressive', works: searches, why: NO_SEARCH },
  { verbs: SLIMMING, option: 'maxRuns', works: searches, why: NO_SEARCH },
  {
    verbs: SLIMMING,
    option: 'minimal',
    works: ({ has }) => !has('searchOnly') && !has('strategy'),
    why: '--search-only and --strategy choose another search',
  },
  {
    verbs: ['sweep'],
    option: 'builds',
    works: ({ has }) => !has('queue'),
    why: 'the workers of a queue set this limit',
  },
  {
    verbs: ['sweep'],
    option: 'runs',
    works: ({ has }) => !has('queue'),
    why: 'the workers of a queue set this limit',
  },
  {
    verbs: ['sweep', 'check'],
    option: 'skip',
    works: skipsSome,
    why: '--only already excludes all of these',
  },
  {
    verbs: ['migrate'],
    option: 'force',
    works: ({ has }) => !has('dryRun'),
    why: '--dry-run writes nothing',
  },
  { verbs: ['check'], option: 'force', works: ({ has }) => has('fix'), why: 'it needs --fix' },
  {
    verbs: ['check'],
    option: 'format',
    works: ({ has, value }) => !has('json') || value('format') === 'json',
    why: '--json chooses another format',
  },
  {
    verbs: ['check'],
    option: 'baseline',
    works: ({ has }) => !has('writeBaseline'),
    why: '--write-baseline writes every finding',
  },
  {
    verbs: ['check'],
    option: 'failOn',
    works: ({ has }) => !has('writeBaseline'),
    why: '--write-baseline makes every finding a known finding',
  },
  {
    verbs: ['check'],
    option: 'notes',
    works: ({ has }) => !has('json') && !has('format'),
    why: 'the other formats contain every finding',
  },
  { verbs: ['refresh'], option: 'policy', works: ({ has }) => !has('to'), why: '--to names the version' },
  {
    verbs: ['refresh'],
    option: 'all',
    works: ({ args }) => args.length === 0,
    why: 'the command names entries',
  },
  {
    verbs: ['pr'],
    option: 'single',
    works: ({ args }) => args.length > 1,
    why: 'it needs two entries or more',
  },
  { verbs: ['pr'], option: 'gh', works: ({ has }) => has('push'), why: 'it needs --push' },
];

/** Options that change the whole call: with one of these only the options beside it have an effect. */
const ALONE: Readonly<Record<string, readonly string[]>> = {
  printWorkflow: ['quiet'],
  merge: ['summary', 'json', 'quiet'],
};

/** Ends the command with wrong usage where an option has no effect in this call. */
export function refuseIdleOptions(command: Command): void {
  const names = command.options.map((option) => option.attributeName());
  const has = (option: string) => command.getOptionValueSource(option) === 'cli';
  const call: Call = { has, value: (option) => command.getOptionValue(option), args: command.args };
  const long = (name: string) =>
    command.options.find((option) => option.attributeName() === name)?.long ?? name;
  const refuse = (what: string, why: string) => command.error(`cannot use ${what}: ${why}`, { exitCode: 2 });
  const given = names.filter(has);
  for (const [whole, beside] of Object.entries(ALONE)) {
    if (!given.includes(whole)) continue;
    const idle = given.find((name) => name !== whole && !beside.includes(name));
    if (idle !== undefined) refuse(long(idle), `it has no effect with ${long(whole)}`);
    if (whole === 'printWorkflow' && call.args.length > 0)
      refuse(call.args[0] as string, `${long(whole)} reads no catalog`);
  }
  for (const { verbs, option, works, why } of EFFECTS) {
    if (verbs.includes(command.name()) && given.includes(option) && !works(call)) refuse(long(option), why);
  }
}
