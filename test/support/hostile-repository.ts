import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { git } from './git.ts';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts';

/** A place outside of a catalog where programs leave traces that a catalog had started. */
export interface Canary extends AsyncDisposable {
  /** A command that leaves a trace of this name. */
  command(name: string): string;
  /** The names of the traces so far, sorted. */
  traces(): Promise<string[]>;
}

export async function canary(): Promise<Canary> {
  const directory: TemporaryDirectory = await temporaryDirectory();
  const script = join(directory.path, 'canary.sh');
  const traces = join(directory.path, 'traces');
  await mkdir(traces);
  await writeFile(script, `#!/bin/sh\ntouch "${traces}/$1"\n`);
  await chmod(script, 0o755);
  return {
    command: (name) => `${script} ${name}`,
    traces: async () => (await readdir(traces)).sort(),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

/** Every setting by which a repository's configuration starts a program while git reads or hashes. */
export function hostileSettings(traps: Canary, worktree?: string): string {
  const at = (name: string) => JSON.stringify(traps.command(name));
  return [
    '[core]',
    '\trepositoryformatversion = 0',
    worktree === undefined ? '\tbare = false' : `\tbare = false\n\tworktree = ${worktree}`,
    `\tfsmonitor = ${at('fsmonitor')}`,
    `\tpager = ${at('pager')}`,
    `\teditor = ${at('editor')}`,
    `\taskPass = ${at('askpass')}`,
    `\tsshCommand = ${at('ssh')}`,
    `\talternateRefsCommand = ${at('alternate-refs')}`,
    '[diff]',
    `\texternal = ${at('diff-external')}`,
    '[diff "evil"]',
    `\ttextconv = ${at('textconv')}`,
    `\tcommand = ${at('diff-command')}`,
    '[filter "evil"]',
    `\tclean = ${at('clean')}`,
    `\tsmudge = ${at('smudge')}`,
    '\trequired = true',
    '[filter "served"]',
    `\tprocess = ${at('process')}`,
    '[filter "a=b"]',
    `\tclean = ${at('clean-equals')}`,
    '[commit]',
    '\tgpgSign = true',
    '[gpg]',
    `\tprogram = ${at('gpg')}`,
    '[credential]',
    `\thelper = "!${traps.command('credential')}"`,
    '[pager]',
    ...['status', 'diff', 'log', 'ls-files', 'config'].map((name) => `\t${name} = ${at(`pager-${name}`)}`),
    '',
  ].join('\n');
}

/** Names of hooks that any of the tool's commands could start. */
const HOOKS = [
  'pre-commit',
  'commit-msg',
  'post-index-change',
  'reference-transaction',
  'pre-push',
  'fsmonitor-watchman',
];

export async function plantHooks(repository: string, traps: Canary): Promise<void> {
  await mkdir(join(repository, 'hooks'), { recursive: true });
  for (const name of HOOKS) {
    const path = join(repository, 'hooks', name);
    await writeFile(path, `#!/bin/sh\n${traps.command(`hook-${name}`)} < /dev/null\n`);
    await chmod(path, 0o755);
  }
}

/** Makes a directory a bare repository whose work tree is the directory itself, as a pull request can carry it. */
export async function plantBare(directory: string, traps: Canary): Promise<void> {
  await plantRepository(directory, hostileSettings(traps, directory), traps);
}

/** Gives a directory a `.git` with a commit's worth of traps, as an archive can carry it. */
export async function plantDotGit(directory: string, traps: Canary): Promise<void> {
  await git(directory, 'init', '--quiet');
  await git(directory, 'add', '--all');
  await git(directory, 'commit', '--quiet', '--message', 'planted');
  await arm(join(directory, '.git'), hostileSettings(traps), traps);
}

/** Gives a directory a `.git` file that leads to a hostile repository below it. */
export async function plantGitFile(directory: string, traps: Canary): Promise<void> {
  await plantRepository(join(directory, 'data'), hostileSettings(traps, directory), traps);
  await writeFile(join(directory, '.git'), 'gitdir: data\n');
}

async function plantRepository(repository: string, config: string, traps: Canary): Promise<void> {
  for (const name of ['objects', 'refs/heads']) await mkdir(join(repository, name), { recursive: true });
  for (const name of ['objects/kept', 'refs/heads/.kept']) await writeFile(join(repository, name), '');
  await writeFile(join(repository, 'HEAD'), 'ref: refs/heads/main\n');
  await arm(repository, config, traps);
}

async function arm(repository: string, config: string, traps: Canary): Promise<void> {
  await writeFile(join(repository, 'config'), config);
  await plantHooks(repository, traps);
  await mkdir(dirname(join(repository, 'info/attributes')), { recursive: true });
  await writeFile(join(repository, 'info/attributes'), '* filter=evil diff=evil\n');
}
