import { type Command, Option } from 'commander';
import { FORMS, type Form } from '../migrate/form.ts';
import { POLICIES, type Policy } from '../refresh/newer-tag.ts';
import {
  type OutputFlags,
  outputFlags,
  stateOf,
  untrustedOf,
  withOutputFlags,
  withUntrusted,
} from './verb-flags.ts';

/** The requests that move a catalog forward: new entries, newer versions, newer forms, pull requests. */
export type UpstreamRequest = RefreshRequest | PrRequest | NewRequest | MigrateRequest;

export type MigrateRequest = {
  readonly verb: 'migrate';
  /** Empty: the catalog of the current directory. */
  readonly paths: readonly string[];
  readonly to: Form;
  readonly dryRun: boolean;
  readonly force: boolean;
} & OutputFlags;

export type NewRequest = {
  readonly verb: 'new';
  readonly image: string;
  /** The command of the entry; empty for the image's command. */
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
  /** One branch for all entries. */
  readonly single: boolean;
  readonly push: boolean;
  /** Make pull requests of the pushed branches with GitHub's program. */
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
  /** Whether the user gives the policy; without it the settings of images apply. */
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
  addMigrate(program, take);
}

type RefreshFlags = {
  readonly all: boolean;
  readonly to?: string;
  readonly policy: Policy;
  readonly dryRun: boolean;
};

function addRefresh(program: Command, take: Take): void {
  withUntrusted(withOutputFlags(program.command('refresh')))
    .description('make entries for newer upstream versions, and redo entries whose base image changed')
    .argument('[entry...]', 'directories of entries, or Kraftfiles')
    .option('--all', 'refresh every entry of the catalog', false)
    .option('--to <version>', 'move to this version, or to the newest version that begins with it')
    .addOption(
      new Option('--policy <policy>', 'limit how far a version may move').choices(POLICIES).default('minor'),
    )
    .option('--dry-run', 'query the registries and report what would be done; change nothing', false)
    .option('--state <dir>', 'keep state in this directory (default: .kraft-slim at the catalog root)')
    .action((entries: string[], _, command: Command) => {
      const { all, to = null, policy, dryRun } = command.opts<RefreshFlags>();
      if (!all && entries.length === 0)
        command.error('cannot refresh: neither entries nor --all are given', { exitCode: 2 });
      const request = {
        entries,
        all,
        to,
        policy,
        isPolicyGiven: command.getOptionValueSource('policy') === 'cli',
        dryRun,
        untrusted: untrustedOf(command),
        state: stateOf(command),
      };
      take({ verb: 'refresh', ...request, ...outputFlags(command) });
    });
}

function addMigrate(program: Command, take: Take): void {
  withOutputFlags(program.command('migrate'))
    .description('write Kraftfiles, their READMEs and workflows in a newer form')
    .argument(
      '[path...]',
      'entries, or directories above them (default: the catalog of the current directory)',
    )
    .addOption(
      new Option('--to <form>', 'the spec v0.7, or the root file system in erofs')
        .choices(FORMS)
        .makeOptionMandatory(),
    )
    .option('--dry-run', 'do everything except writing, and show the diff', false)
    .option('--force', 'overwrite changes that git does not have', false)
    .action((paths: string[], _, command: Command) => {
      const { to, dryRun, force } = command.opts<Pick<MigrateRequest, 'to' | 'dryRun' | 'force'>>();
      take({ verb: 'migrate', paths, to, dryRun, force, ...outputFlags(command) });
    });
}

function addPr(program: Command, take: Take): void {
  withOutputFlags(program.command('pr'))
    .description('make a branch with commits and the text of a pull request')
    .argument('<entry...>', 'directories of entries, or Kraftfiles')
    .option('--single', 'make one branch for all entries, instead of a branch for each', false)
    .option('--push', 'push the branches', false)
    .option('--gh', 'with --push: make pull requests with the program gh', false)
    .option('--state <dir>', 'keep state in this directory (default: .kraft-slim at the catalog root)')
    .action((entries: string[], _, command: Command) => {
      const { single, push, gh } = command.opts<PrFlags>();
      take({ verb: 'pr', entries, single, push, gh, state: stateOf(command), ...outputFlags(command) });
    });
}

function addNew(program: Command, take: Take): void {
  withUntrusted(withOutputFlags(program.command('new')))
    .description('make an entry from an image, then slim it')
    .argument('<image>', 'an image that the engine has, or can pull')
    .argument('[command...]', 'the command of the entry, after -- (default: the command of the image)')
    .option('--name <name>', 'name the entry (default: the name of the image)')
    .option('--version <version>', 'set the version (default: the version in the tag)')
    .option('--example', 'make an example on the base runtime instead of a library entry', false)
    .option('--state <dir>', 'keep state in this directory (default: .kraft-slim at the catalog root)')
    .action((image: string, words: string[], _, command: Command) => {
      const { name = null, version = null, example } = command.opts<NewFlags>();
      const untrusted = untrustedOf(command);
      const request = { image, command: words, name, version, example, untrusted, state: stateOf(command) };
      take({ verb: 'new', ...request, ...outputFlags(command) });
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
