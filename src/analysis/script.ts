import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../shared/image-path.ts';
import { withoutTrailing } from '../shared/trim-end.ts';
import { findInPath } from './find-program.ts';

/** The kernel's buffer for the first line of a script, BINPRM_BUF_SIZE of include/uapi/linux/binfmts.h. */
const LINE_BYTES = 256;

/** How often a script's interpreter may be a script again, fs/exec.c, exec_binprm. */
const MAX_DEPTH = 5;

/** One step of a `#!` chain: a script and the interpreter that its first line names. */
export type ScriptStep = {
  readonly script: ImagePath;
  readonly interpreter: ImagePath;
  /** All words after the interpreter, as one: the kernel passes them so. */
  readonly argument: string | null;
};

export type ScriptChain = {
  readonly steps: readonly ScriptStep[];
  /** What runs in the end: the first file of the chain that is no script. */
  readonly program: ImagePath;
};

/**
 * Follows `#!` lines from a file to the program that runs it, as fs/binfmt_script.c does; `env NAME` is followed
 * through PATH as well, since that is what it does. The last step may name what is not there.
 */
export function scriptChain(
  tree: FileTree,
  file: ImagePath,
  env: Readonly<Record<string, string>>,
): ScriptChain {
  const steps: ScriptStep[] = [];
  let at = file;
  while (steps.length < MAX_DEPTH) {
    const line = firstLine(tree, at);
    if (line === undefined) break;
    const { interpreter, argument } = line;
    steps.push({ script: at, interpreter, argument });
    const named = interpreter.endsWith('/env') && argument !== null ? envCommand(argument) : undefined;
    const found = named === undefined ? undefined : findInPath(tree, named, env);
    if (found !== undefined) steps.push({ script: at, interpreter: found, argument: null });
    at = found ?? interpreter;
  }
  return { steps, program: at };
}

function firstLine(
  tree: FileTree,
  file: ImagePath,
): { interpreter: ImagePath; argument: string | null } | undefined {
  const { path, entry } = resolvePath(tree, file);
  if (entry?.type !== 'file') return undefined;
  const head = Buffer.from(tree.read(path, 0, LINE_BYTES)).toString('latin1');
  const [, interpreter, rest = ''] = /^#![ \t]*([^ \t\n]+)([^\n]*)/.exec(head) ?? [];
  if (interpreter === undefined) return undefined;
  const argument = withoutTrailing(rest, ' \t').replace(/^[ \t]+/, '');
  return { interpreter: imagePath(interpreter), argument: argument === '' ? null : argument };
}

/** The command that `env` runs: options and assignments left out, env(1); `-S` splits its argument. */
function envCommand(argument: string): string | undefined {
  return argument.split(/[ \t]+/).find((word) => !word.startsWith('-') && !word.includes('='));
}
