import { Command, InvalidArgumentError, Option } from 'commander';
import { SEVERITIES, type Severity } from '../check/finding.ts';
import { FORMATS } from '../check/formats.ts';
import { VERSION } from '../shared/version.ts';
import { showOurs } from '../words/terminal.ts';
import { refuseIdleOptions } from './idle-options.ts';
import { type SweepAsked, sweepVerb, type WorkerAsked, workerVerb } from './sweep-program.ts';
import { print } from './terminal.ts';
import { addUpstreamVerbs, type UpstreamRequest } from './upstream-verbs.ts';
import {
  adoptOptions,
  type OutputFlags,
  outputFlags,
  untrustedOf,
  withOutputFlags,
  withUntrusted,
} from './verb-flags.ts';

/** What the command line asks for. */
export type Request =
  | ({ readonly verb: 'slim'; readonly entries: readonly string[] } & SlimFlags)
  | ({
      readonly verb: 'verify';
      readonly entries: readonly string[];
      readonly untrusted: boolean;
    } & OutputFlags)
  | ({ readonly verb: 'check'; readonly paths: readonly string[] } & CheckFlags)
  | ({ readonly verb: 'clean' } & OutputFlags)
  | (SweepAsked & SlimFlags)
  | WorkerAsked
  | UpstreamRequest;

export type SlimFlags = OutputFlags & {
  readonly dryRun: boolean;
  readonly exitCode: boolean;
  readonly force: boolean;
  readonly redo: boolean;
  readonly upgrade: boolean;
  readonly askStages: boolean;
  readonly minimal: boolean;
  readonly searchOnly: boolean;
  readonly strategy: 'coin-flip' | null;
  readonly aggressive: boolean;
  readonly maxRuns: number | null;
  readonly placeholders: boolean;
  readonly untrusted: boolean;
  readonly state: string | null;
};

/** What `check` is asked for; `format` is null for people. */
type CheckFlags = OutputFlags & {
  readonly format: string | null;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly fix: boolean;
  readonly force: boolean;
  /** Findings of this level, and graver ones, make the exit code 1. */
  readonly failOn: Severity;
  /** Whether people are shown notes, and not their number alone. */
  readonly notes: boolean;
};

const EXAMPLES = `
Examples:
  kraft-slim library/nginx/1.22             slim one entry in place
  kraft-slim --dry-run library/nginx/1.22   show the diff, write nothing
  kraft-slim --json examples/*              several entries, one JSON document
  kraft-slim verify library/nginx/1.22      rebuild what is on disk and probe it
  kraft-slim check library/nginx/1.22       what is wrong with an entry, without an engine
  kraft-slim sweep --filter 'library/*'     every library entry of the catalog
  kraft-slim clean                          remove what is left in the engine

Exit codes: 0 done, 1 a finding, 2 you can mend it, 3 our bug, 130 interrupted.`;

/** The command line; `take` receives what is asked for. Wrong usage throws commander's CommanderError. */
export function createProgram(take: (request: Request) => void): Command {
  const program = new Command('kraft-slim')
    .description('Minimise the root file systems of a Unikraft catalog, and prove that they still work.')
    .version(VERSION)
    .exitOverride()
    .enablePositionalOptions()
    .hook('preAction', (_, command) => {
      adoptOptions(command);
      refuseIdleOptions(command);
    })
    .configureOutput({
      outputError: () => undefined,
      writeOut: (text) => print(showOurs(text.replace(/\n$/, ''))),
    })
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES);
  withSlimFlags(withOutputFlags(program))
    .argument('<entry...>', 'directories of entries, or Kraftfiles')
    .action((entries: string[], _, command: Command) => {
      take({ verb: 'slim', entries, ...slimFlags(command) });
    });
  withUntrusted(withOutputFlags(program.command('verify')))
    .description('rebuild what is on disk and run its workload')
    .argument('<entry...>', 'directories of entries, or Kraftfiles')
    .action((entries: string[], _, command) => {
      take({ verb: 'verify', entries, untrusted: untrustedOf(command), ...outputFlags(command) });
    });
  withOutputFlags(program.command('check'))
    .description('lint entries and the catalog; no engine is needed')
    .argument(
      '[path...]',
      'entries, or directories above them (default: the catalog of the current directory)',
    )
    .addOption(
      new Option('--format <name>', 'print it for other programs').choices(FORMATS.map(({ name }) => name)),
    )
    .option('--only <codes>', 'go by these checks alone: codes with commas between', addCodes, [])
    .option('--skip <codes>', 'leave these checks out', addCodes, [])
    .option('--notes', 'show notes too, and not their number alone', false)
    .addOption(
      new Option('--fail-on <level>', 'exit with 1 for findings of this level, and graver ones')
        .choices(SEVERITIES)
        .default('error'),
    )
    .option('--fix', 'mend what can be mended without a doubt', false)
    .option('--force', 'with --fix: overwrite changes that git has nowhere', false)
    .action((paths: string[], { format = null, ...chosen }, command: Command) => {
      const flags = outputFlags(command);
      const form = flags.json ? 'json' : format;
      const { only, skip, fix, force, failOn, notes } = chosen;
      const own = { only, skip, fix, force, failOn, notes };
      take({ verb: 'check', paths, ...flags, json: form === 'json', format: form, ...own });
    });
  withOutputFlags(program.command('clean'))
    .description('remove every container, image, network and directory the tool has left behind')
    .action((_, command) => take({ verb: 'clean', ...outputFlags(command) }));
  const sweep = withSlimFlags(withOutputFlags(program.command('sweep')));
  sweepVerb(sweep, (asked) => take({ ...slimFlags(sweep), ...asked, untrusted: untrustedOf(sweep) }));
  const worker = withUntrusted(withOutputFlags(program.command('worker')));
  workerVerb(worker, (asked) => take({ ...asked, untrusted: untrustedOf(worker), ...outputFlags(worker) }));
  addUpstreamVerbs(program, take);
  return program;
}

/** The words that are verbs. */
export function verbNames(): string[] {
  return createProgram(() => undefined).commands.map((command) => command.name());
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number above 0 is needed.');
  return Number(text);
}

/** What slims, one entry or many. */
function withSlimFlags(command: Command): Command {
  return withUntrusted(command)
    .option('--dry-run', 'do all but write, and show the diff', false)
    .option('--exit-code', 'with --dry-run: exit 1 if something would change', false)
    .option('--force', 'overwrite changes that git has nowhere', false)
    .option('--redo', 'analyse again what is unchanged', false)
    .option('--upgrade', 'make a Kraftfile of an old kraft.yaml', false)
    .option('--ask-stages', 'ask for each stage whether its files are enough', false)
    .option('--minimal', 'keep only what the app was seen not to do without', false)
    .option('--aggressive', 'with a search: remove also what rules and the build context hold', false)
    .option('--search-only', 'search without static and dynamic analysis', false)
    .addOption(
      new Option('--strategy <name>', 'the search of another tool, to compare').choices(['coin-flip']),
    )
    .option('--placeholders', 'put an empty file where the app only asks after one', false)
    .option('--max-runs <n>', 'how often a search may run the app', wholeNumber)
    .option('--state <dir>', 'where state is kept (default: .kraft-slim at the catalog root)');
}

function slimFlags(command: Command): SlimFlags {
  const { state = null, strategy = null, maxRuns = null, ...flags } = command.opts();
  const rest = flags as Omit<SlimFlags, 'state' | 'strategy' | 'maxRuns'>;
  return { ...rest, untrusted: untrustedOf(command), state, strategy, maxRuns };
}

function addCodes(text: string, before: readonly string[]): string[] {
  const codes = text.split(',').map((code) => code.trim());
  return [...before, ...codes.filter((code) => code !== '')];
}
