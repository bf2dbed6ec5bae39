import { Command, InvalidArgumentError, Option } from 'commander';
import { SEVERITIES, type Severity } from '../check/finding.ts';
import { FORMATS } from '../check/formats.ts';
import { VERSION } from '../shared/version.ts';
import { showOurs } from '../words/terminal.ts';
import { refuseIdleOptions } from './idle-options.ts';
import { refuseInteractive } from './interactive.ts';
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
  | ({
      readonly verb: 'slim';
      readonly entries: readonly string[];
      readonly interactive: boolean;
    } & SlimFlags)
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

/** What a `check` call requests; `format` is null for the output for people. */
type CheckFlags = OutputFlags & {
  readonly format: string | null;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly fix: boolean;
  readonly force: boolean;
  /** The file with the findings to leave out. */
  readonly baseline: string | null;
  /** Where to write the findings as a baseline. */
  readonly writeBaseline: string | null;
  /** Findings of this level or a more severe level make the exit code 1. */
  readonly failOn: Severity;
  /** Whether the output for people shows notes; without it, it shows only their number. */
  readonly notes: boolean;
};

const EXAMPLES = `
Examples:
  kraft-slim library/nginx/1.22             slim one entry in place
  kraft-slim --dry-run library/nginx/1.22   show the diff, write nothing
  kraft-slim --json examples/*              several entries, one JSON document
  kraft-slim verify library/nginx/1.22      rebuild what is on disk and probe it
  kraft-slim check library/nginx/1.22       lint an entry, without an engine
  kraft-slim sweep --filter 'library/*'     slim every library entry of the catalog
  kraft-slim clean                          remove what killed runs left in the engine

Exit codes: 0 done, 1 a finding, 2 you can fix it, 3 a bug in kraft-slim, 130 interrupted.`;

/** The command line; `take` receives the request. Wrong usage throws commander's CommanderError. */
export function createProgram(take: (request: Request) => void): Command {
  const program = new Command('kraft-slim')
    .description('Minimise the root file systems of a Unikraft catalog, and check that each app still works.')
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
    .option('--interactive', 'let you use the traced app on 127.0.0.1, and keep what it then needs', false)
    .argument('<entry...>', 'directories of entries, or Kraftfiles')
    .action((entries: string[], _, command: Command) => {
      const flags = slimFlags(command);
      const { interactive } = command.opts<{ interactive: boolean }>();
      if (interactive) refuseInteractive(command, flags);
      take({ verb: 'slim', entries, interactive, ...flags });
    });
  withUntrusted(withOutputFlags(program.command('verify')))
    .description('rebuild entries as they are on disk, and run their workloads')
    .argument('<entry...>', 'directories of entries, or Kraftfiles')
    .action((entries: string[], _, command) => {
      take({ verb: 'verify', entries, untrusted: untrustedOf(command), ...outputFlags(command) });
    });
  checkVerb(withOutputFlags(program.command('check')), take);
  withOutputFlags(program.command('clean'))
    .description('remove every container, image, network and directory that kraft-slim left behind')
    .action((_, command) => take({ verb: 'clean', ...outputFlags(command) }));
  const sweep = withSlimFlags(withOutputFlags(program.command('sweep')));
  sweepVerb(sweep, (request) => take({ ...slimFlags(sweep), ...request, untrusted: untrustedOf(sweep) }));
  const worker = withUntrusted(withOutputFlags(program.command('worker')));
  workerVerb(worker, (request) =>
    take({ ...request, untrusted: untrustedOf(worker), ...outputFlags(worker) }),
  );
  addUpstreamVerbs(program, take);
  return program;
}

function checkVerb(command: Command, take: (request: Request) => void): void {
  command
    .description('lint entries and the catalog, without an engine')
    .argument(
      '[path...]',
      'entries, or directories above them (default: the catalog of the current directory)',
    )
    .addOption(
      new Option('--format <name>', 'print findings in a format for other programs').choices(
        FORMATS.map(({ name }) => name),
      ),
    )
    .option('--only <codes>', 'use only these checks: codes, separated by commas', addCodes, [])
    .option('--skip <codes>', 'skip these checks: codes, separated by commas', addCodes, [])
    .option('--notes', 'show notes; without this option only their number is shown', false)
    .addOption(
      new Option('--fail-on <level>', 'exit with 1 for findings of this level or a more severe level')
        .choices(SEVERITIES)
        .default('error'),
    )
    .option('--baseline <file>', 'leave out the findings that this file contains')
    .option('--write-baseline <file>', 'write all findings to this file, for --baseline')
    .option('--fix', 'fix what has only one possible fix', false)
    .option('--force', 'with --fix: overwrite changes that git does not have', false)
    .action((paths: string[], { format = null, ...chosen }) => {
      const flags = outputFlags(command);
      const form = flags.json ? 'json' : format;
      const { only, skip, fix, force, failOn, notes, baseline = null, writeBaseline = null } = chosen;
      const checks = { only, skip, fix, force, failOn, notes, baseline, writeBaseline };
      take({ verb: 'check', paths, ...flags, json: form === 'json', format: form, ...checks });
    });
}

/** The words that are verbs. */
export function verbNames(): string[] {
  return createProgram(() => undefined).commands.map((command) => command.name());
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('expected a whole number above 0.');
  return Number(text);
}

/** Adds the options of the verbs that slim: the default verb and `sweep`. */
function withSlimFlags(command: Command): Command {
  return withUntrusted(command)
    .option('--dry-run', 'do everything except writing, and show the diff', false)
    .option('--exit-code', 'with --dry-run: exit with 1 if a file would change', false)
    .option('--force', 'overwrite changes that git does not have', false)
    .option('--redo', 'analyse entries again that have not changed', false)
    .option('--upgrade', 'make a Kraftfile from an old kraft.yaml or kraft.yml', false)
    .option('--ask-stages', 'test for each stage whether its files alone are enough', false)
    .option('--minimal', 'remove every file that the app works without', false)
    .option('--aggressive', 'with a search: also remove files that rules or the build context hold', false)
    .option('--search-only', 'search without the static and the dynamic analysis', false)
    .addOption(
      new Option('--strategy <name>', 'use the search of another tool, for comparison').choices([
        'coin-flip',
      ]),
    )
    .option('--placeholders', 'replace files whose existence alone matters by empty files', false)
    .option('--max-runs <n>', 'limit how often a search runs the app', wholeNumber)
    .option('--state <dir>', 'keep state in this directory (default: .kraft-slim at the catalog root)');
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
