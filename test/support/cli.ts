import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The built command, as it is installed. */
export const CLI = join(import.meta.dirname, '../../dist/cli/bin.js');

export type CliOptions = {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** How a run of the command ended; `exitCode` is null where a signal killed it. */
export type CliResult = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** A running command. */
export type CliProcess = {
  readonly pid: number;
  /** Resolves with the text of standard error so far, once it matches; rejects when the command ends before. */
  readonly says: (pattern: RegExp) => Promise<string>;
  /** The text of standard error so far. */
  readonly said: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<CliResult>;
};

/** Starts the command as a separate process, without a terminal. */
export function startCli(args: readonly string[], { cwd, env = {} }: CliOptions): CliProcess {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...process.env, FORCE_COLOR: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([exitCode]) => ({ exitCode, stdout, stderr }) as CliResult);
  return {
    pid: child.pid as number,
    said: () => stderr,
    kill: (signal) => child.kill(signal),
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(stderr)) resolve(stderr);
        };
        child.stderr.on('data', look);
        ended.then(() => reject(new Error(`the command ended before it said ${pattern}:\n${stderr}`)));
        look();
      }),
  };
}

/** Runs the command to its end. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return await startCli(args, options).ended;
}

/** Runs the command with `--json`; what it prints has to be one line, and that one document. */
export async function runJson(
  args: readonly string[],
  options: CliOptions,
): Promise<CliResult & { readonly document: JsonDocument }> {
  const result = await runCli([...args, '--json'], options);
  const lines = result.stdout.split('\n');
  if (lines.length !== 2 || lines[1] !== '') {
    throw new Error(`the command printed no single document: ${JSON.stringify(result)}`);
  }
  return { ...result, document: JSON.parse(lines[0] as string) as JsonDocument };
}

/** Any JSON object; what is in it is for the schemas to say. */
export type JsonDocument = { readonly schema: string; readonly [key: string]: unknown };
