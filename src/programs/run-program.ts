import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { environmentOf, type ProgramName } from './table.ts';

/** No catalog writes here, and no program finds a repository or a project above it. */
const NEUTRAL_DIRECTORY = '/';

/** Enough for an answer of any program here. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

export type RunProgramOptions = {
  /** The text that the program reads from its standard input; default none. */
  readonly input?: string;
  /** Default: no limit. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** The catalog that the work is about; no program comes from below it. */
  readonly catalog?: string;
};

/**
 * Runs a program in a neutral directory with the environment of its row in the table, without a shell.
 * @throws Error of `execFile` with `code`, `killed`, `stdout` and `stderr`; `ENOENT` where it is not on the trusted
 * PATH.
 */
export async function runProgram(
  program: Exclude<ProgramName, 'git' | 'git push'>,
  [file, ...words]: readonly [file: string, ...words: string[]],
  { input = '', timeoutMs, signal, catalog }: RunProgramOptions = {},
): Promise<string> {
  if (file.includes('/')) {
    throw new Error(`cannot start ${file}: a name of a program has no slash`);
  }
  const running = promisify(execFile)(file, words, {
    cwd: NEUTRAL_DIRECTORY,
    env: environmentOf(program, catalog),
    killSignal: 'SIGKILL',
    maxBuffer: MAX_OUTPUT_BYTES,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(signal === undefined ? {} : { signal }),
  });
  // a program that ends without reading breaks the pipe
  running.child.stdin?.on('error', () => undefined).end(input);
  return (await running).stdout;
}
