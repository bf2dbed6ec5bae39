import { resolve } from 'node:path/posix';
import { findProgram } from '../analysis/find-program.ts';
import { scriptChain } from '../analysis/script.ts';
import { wrappedCommand } from '../analysis/wrapper-script.ts';
import type { ImageConfig } from '../engine/engine.ts';
import { envOfImage, platformEnv } from '../entry/launch.ts';
import { UserError } from '../shared/failure.ts';
import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';
import { entrypointCommand, shellCommand, withoutHelpers } from './entrypoint-script.ts';

/** What an entry made from an image runs. */
export type EntryCommand = {
  /** Its program by an absolute path: a file that is no script. */
  readonly argv: readonly [string, ...string[]];
  /** Variables that a wrapper script sets. */
  readonly env: Readonly<Record<string, string>>;
  /** The scripts that were seen through, outermost first. */
  readonly through: readonly ImagePath[];
};

/** As many scripts in each other are followed as Linux does. */
const MAX_STEPS = 5;

type ImageWords = Pick<ImageConfig, 'entrypoint' | 'cmd' | 'env' | 'workingDir'>;

/**
 * The program behind an image's command: it looks behind helpers, shells and entrypoint scripts, since Unikraft runs
 * one program, which cannot be a script. Paths relative to the image's working directory become absolute, since
 * Unikraft starts in `/`.
 * @throws UserError `cmd-not-found` if the image has no command, or if its program is unclear.
 */
export function entryCommand(tree: FileTree, image: ImageWords, given: readonly string[]): EntryCommand {
  const env = { ...platformEnv(new Map()), ...envOfImage(image) };
  const exported: Record<string, string> = {};
  const through: ImagePath[] = [];
  let argv = given.length > 0 ? given : [...image.entrypoint, ...image.cmd];
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    argv = withoutHelpers(argv);
    const inShell = shellCommand(argv);
    if (inShell !== undefined) argv = inShell;
    const [command, ...args] = argv;
    if (command === undefined) throw noCommand('it names none');
    const named = command.includes('/') ? inDirectory(tree, command, image.workingDir) : command;
    const program = findProgram(tree, named, env);
    const chain = scriptChain(tree, program, env);
    if (chain.steps.length === 0) {
      const words = args.map((word) => inDirectory(tree, word, image.workingDir));
      return { argv: [program, ...words], env: exported, through };
    }
    const text = Buffer.from(tree.read(resolvePath(tree, program).path)).toString('utf8');
    const wrapped = wrappedCommand(text, { args, env: { ...env, ...exported } });
    const next = wrapped?.argv ?? entrypointCommand(text, args) ?? ranBy(program, args, chain);
    if (next === undefined) throw noCommand(`${program} is a script that does more than run a program`);
    Object.assign(exported, wrapped?.env ?? {});
    through.push(program);
    argv = next;
  }
  throw noCommand(`scripts start scripts, ${through.join(', ')}`);
}

/** A script of another language than the shell's is what its interpreter is to run. */
function ranBy(
  script: ImagePath,
  args: readonly string[],
  { steps, program }: ReturnType<typeof scriptChain>,
): readonly string[] | undefined {
  if (/\/(?:ba|da|a)?sh$/.test(program) || /busybox$/.test(program)) return undefined;
  const { argument = null } = steps.length === 1 ? (steps[0] ?? {}) : {};
  return [program, ...(argument === null ? [] : [argument]), script, ...args];
}

/** A word that names a file below the working directory, by its absolute path; any other as it is. */
function inDirectory(tree: FileTree, word: string, directory: string): string {
  if (directory === '' || directory === '/' || word === '' || /^[-/]/.test(word)) return word;
  const path = resolve(directory, word);
  return resolvePath(tree, path).entry?.type === 'file' ? path : word;
}

function noCommand(why: string): UserError {
  return new UserError('cmd-not-found', `cannot find the program of the image: ${why}`, {
    hint: 'give the command: kraft-slim new IMAGE -- /usr/bin/program ARGUMENT...',
  });
}
