import { splitShellWords } from '../kraftfile/shell-words.ts';
import { UserError } from '../shared/failure.ts';
import type { KraftRun } from './kraft-run.ts';
import type { UnitKraftfile } from './unit.ts';

/** What Unikraft runs for one Kraftfile: from the root directory, as user 0. */
export type Launch = {
  /** The Kraftfile's path relative to the unit. */
  readonly kraftfile: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
};

/** The environment of a program on Unikraft's base, where its kernel options set none. */
const UNIKRAFT_ENV: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LD_LIBRARY_PATH: '/usr/local/lib:/usr/lib:/lib',
  HOME: '/',
  PWD: '/',
};

/** The kernel options that hold the environment, one variable each, lib/posix-environ of Unikraft. */
const ENVP = /^(?:CONFIG_)?LIBPOSIX_ENVIRON_ENVP\d+$/;

/** What an image says of its program, as far as a launch reads it. */
type ImageCommand = {
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
};

/** What is said of a launch outside of its Kraftfile. */
export type LaunchWords = {
  /** The README's `kraft run`: its arguments take the place of the whole command, as kraft has it. */
  readonly run: Pick<KraftRun, 'env' | 'args'>;
  /** `workload.env` of the settings. */
  readonly configEnv?: Readonly<Record<string, string>>;
  /** `workload.arguments` of the settings: they stand behind the program, in place of its other words. */
  readonly configArguments?: readonly string[];
};

/**
 * The launch of a Kraftfile over an image. Environment, later wins: Unikraft's own or the kernel options', the
 * image's, the Kraftfile's, the README's, the settings'. Command, the first that there is: the README's arguments,
 * the Kraftfile's, the image's.
 * @throws UserError `cmd-not-found` where neither the Kraftfile nor the image names a command.
 */
export function composeLaunch(
  { name, kraftfile }: UnitKraftfile,
  image: ImageCommand,
  { run, configEnv = {}, configArguments }: LaunchWords,
): Launch {
  // an empty list names no program
  const given = commandWords(run.args ?? kraftfile.cmd?.argv ?? []);
  const [first, ...rest] = given.length > 0 ? given : [...image.entrypoint, ...image.cmd];
  if (first === undefined) {
    throw new UserError(
      'cmd-not-found',
      `cannot find the command of ${name}: neither the Kraftfile nor the image has a command`,
      {
        hint: 'add a cmd to the Kraftfile',
      },
    );
  }
  return {
    kraftfile: name,
    argv: [first, ...(configArguments ?? rest)],
    env: {
      ...platformEnv(kraftfile.kconfig),
      ...envOfImage(image),
      ...Object.fromEntries(kraftfile.env),
      ...run.env,
      ...configEnv,
    },
  };
}

/** A whole command line in the only item of a list. */
const COMMAND_LINE = /^\/\S+\s+\S/;

/**
 * The words of a Kraftfile's `cmd`, or of arguments in its place. Where the only item is a whole command line it
 * is split, since kraft joins the
 * items with blanks (kraftkit, unikraft/app/loader.go) and so runs the same program for both forms.
 */
export function commandWords(argv: readonly string[]): readonly string[] {
  const [line = '', ...more] = argv;
  if (more.length > 0 || !COMMAND_LINE.test(line)) return argv;
  const split = splitShellWords(line);
  return 'words' in split ? split.words : line.trim().split(/\s+/);
}

/** The environment before any image: the kernel options' where they set one, else Unikraft's own. */
export function platformEnv(kconfig: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const variables = [...kconfig]
    .filter(([option, value]) => ENVP.test(option) && value !== '')
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([, value]) => value);
  return variables.length === 0 ? UNIKRAFT_ENV : pairs(variables);
}

/** The ENV of an image, by name. */
export function envOfImage({ env }: Pick<ImageCommand, 'env'>): Record<string, string> {
  return pairs(env);
}

function pairs(lines: readonly string[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const line of lines) {
    const cut = line.indexOf('=');
    result[cut < 0 ? line : line.slice(0, cut)] = cut < 0 ? '' : line.slice(cut + 1);
  }
  return result;
}
