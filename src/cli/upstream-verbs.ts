import { type Command, Option } from 'commander';
import { POLICIES, type Policy } from '../refresh/newer-tag.ts';
import {
  type OutputFlags,
  outputFlags,
  stateOf,
  untrustedOf,
  withOutputFlags,
  withUntrusted,
} from './verb-flags.ts';

/** What brings a catalog forward: new entries, newer versions, pull requests. */
export type UpstreamRequest = RefreshRequest | PrRequest | NewRequest;

export type NewRequest = {
  readonly verb: 'new';
  readonly image: string;
  /** What it is to run; empty for the image's own command. */
  readonly command: readonly string[];
  readonly name: string | null;
  readonly version: string | null;
  readonly example: boolean;
  readonly untrusted: boolean;
  readonly state: string | null;
} & OutputFlags;

export type PrRequest = {
  readonly verb: 'pr';
  readonly entries: readonly string[];
  /** One branch for all. */
  readonly single: boolean;
  readonly push: boolean;
  /** Hand what was pushed to GitHub's own program. */
  readonly gh: boolean;
  readonly state: string | null;
} & OutputFlags;

export type RefreshRequest = {
  readonly verb: 'refresh';
  readonly entries: readonly string[];
  /** Every entry of the catalog that the current directory lies in. */
  readonly all: boolean;
  readonly to: string | null;
  readonly policy: Policy;
  /** Whether the user gives it; else settings of images may say otherwise. */
  readonly isPolicyGiven: boolean;
  readonly dryRun: boolean;
  readonly untrusted: boolean;
  readonly state: string | null;
} & OutputFlags;

type Take = (request: UpstreamRequest) => void;

export function addUpstreamVerbs(program: Command, take: Take): void {
  addNew(program, take);
  addRefresh(program, take);
  addPr(program, take);
}

type RefreshFlags = {
  readonly all: boolean;
  readonly to?: string;
  readonly policy: Policy;
  readonly dryRun: boolean;
};

function addRefresh(program: Command, take: Take): void {
  withUntrusted(withOutputFlags(program.command('refresh')))
    .description('make the entry of a newer upstream version, or redo those whose base has changed')
    .argument('[entry...]', 'directories of entries, or Kraftfiles')
    .option('--all', 'every entry of the catalog', false)
    .option('--to <version>', 'the version that is to be had, or the beginning of it')
    .addOption(
      new Option('--policy <policy>', 'how far a version may move').choices(POLICIES).default('minor'),
    )
    .option('--dry-run', 'ask the registry and say what would be done; change nothing', false)
    .option('--state <dir>', 'where state is kept (default: .kraft-slim at the catalog root)')
    .action((entries: string[], _, command: Command) => {
      const { all, to = null, policy, dryRun } = command.opts<RefreshFlags>();
      if (!all && entries.length === 0) command.error('name entries, or give --all', { exitCode: 2 });
      const asked = {
        entries,
        all,
        to,
        policy,
        isPolicyGiven: command.getOptionValueSource('policy') === 'cli',
        dryRun,
        untrusted: untrustedOf(command),
        state: stateOf(command),
      };
      take({ verb: 'refresh', ...asked, ...outputFlags(command) });
    });
}

function addPr(program: Command, take: Take): void {
  withOutputFlags(program.command('pr'))
    .description('branch, commits, PR text')
    .argument('<entry...>', 'directories of entries, or Kraftfiles')
    .option('--single', 'one branch for all entries, instead of one each', false)
    .option('--push', 'push the branches', false)
    .option('--gh', 'with --push: have the program gh make pull requests of them', false)
    .option('--state <dir>', 'where state is kept (default: .kraft-slim at the catalog root)')
    .action((entries: string[], _, command: Command) => {
      const { single, push, gh } = command.opts<PrFlags>();
      take({ verb: 'pr', entries, single, push, gh, state: stateOf(command), ...outputFlags(command) });
    });
}

function addNew(program: Command, take: Take): void {
  withUntrusted(withOutputFlags(program.command('new')))
    .description('scaffold an entry from an image, then slim it')
    .argument('<image>', 'an image that the engine has, or can pull')
    .argument('[command...]', 'what it is to run, behind --; by default the command of the image')
    .option('--name <name>', 'the name of the entry (default: that of the image)')
    .option('--version <version>', 'its version (default: that of the tag)')
    .option('--example', 'make it an example on the base runtime, not an entry of the library', false)
    .option('--state <dir>', 'where state is kept (default: .kraft-slim at the catalog root)')
    .action((image: string, words: string[], _, command: Command) => {
      const { name = null, version = null, example } = command.opts<NewFlags>();
      const untrusted = untrustedOf(command);
      const asked = { image, command: words, name, version, example, untrusted, state: stateOf(command) };
      take({ verb: 'new', ...asked, ...outputFlags(command) });
    });
}

type NewFlags = {
  readonly name?: string;
  readonly version?: string;
  readonly example: boolean;
};

type PrFlags = {
  readonly single: boolean;
  readonly push: boolean;
  readonly gh: boolean;
};
