import type { Git } from '../programs/git.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { findWorkTree } from './find-work-tree.ts';
import { type PullRequestPlace, pullRequestPlace } from './pull-request-place.ts';
import { type Commit, type CommitPlan, writeCommits } from './write-commits.ts';

/** A git repository with a work tree. Nothing here ever touches the work tree, its index or HEAD. */
export interface GitRepository {
  /** The top of the work tree; absolute. */
  readonly top: string;
  /** The branch that HEAD is on; null where it is on none. */
  branch(): Promise<string | null>;
  /** The branch that others start from: what the remote's HEAD is on, else `main` or `master`; null for none. */
  mainBranch(): Promise<{ readonly name: string; readonly commit: string } | null>;
  /** The committer, `Name <address>`; null if git has no user name. */
  identity(): Promise<string | null>;
  /** Paths from the top that differ from HEAD, staged or not, and those that git does not track. */
  changedPaths(): Promise<string[]>;
  /** The text of a file in a commit; null where it is not there. */
  textAt(commit: string, path: string): Promise<string | null>;
  hasBranch(name: string): Promise<boolean>;
  /** Writes commits, which no branch leads to yet. One that would change nothing is left out. */
  writeCommits(base: string, plans: readonly CommitPlan[]): Promise<Commit[]>;
  /** Makes branches, all or none. @throws UserError `branch-exists`. */
  createBranches(branches: ReadonlyMap<string, string>): Promise<void>;
  /** Where pull requests go; null where no remote is on a GitHub host. */
  pullRequestPlace(): Promise<PullRequestPlace | null>;
  /** Pushes a branch to the remote that the main branch comes from. @throws UserError `push-failed`. */
  push(branch: string): Promise<void>;
}

/** @throws UserError `no-repository` where a catalog lies in no work tree. */
export async function openRepository(directory: string): Promise<GitRepository> {
  const refuse = (why: string, cause?: unknown) =>
    new UserError('no-repository', `cannot use git here: ${why}`, {
      hint: 'run it in a clone of the catalog',
      cause,
    });
  const git = await findWorkTree(directory);
  if (git === null) throw refuse('there is no .git at the root of the catalog or above it');
  await git.run(['rev-parse', '--show-toplevel']).catch((error: unknown) => {
    throw refuse(firstLine(error), error);
  });
  return repositoryAt(git);
}

function repositoryAt(git: Git): GitRepository {
  const ask = async (...words: string[]) => (await git.run(words).catch(() => '')).trim();
  const remote = async () =>
    (await ask('config', '--get', `branch.${(await main())?.name}.remote`)) || 'origin';
  const main = async () => {
    const remoteHead = await ask('symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD');
    const names = [remoteHead.replace(/^refs\/remotes\/origin\//, ''), 'main', 'master'];
    for (const name of names.filter((remote) => remote !== '')) {
      for (const ref of [`refs/heads/${name}`, `refs/remotes/origin/${name}`]) {
        const commit = await ask('rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
        if (commit !== '') return { name, commit };
      }
    }
    return null;
  };
  return {
    top: git.top,
    branch: async () => (await ask('symbolic-ref', '--quiet', '--short', 'HEAD')) || null,
    mainBranch: main,
    async identity() {
      const name = process.env.GIT_COMMITTER_NAME || (await ask('config', 'user.name'));
      const address = process.env.GIT_COMMITTER_EMAIL || (await ask('config', 'user.email'));
      return name === '' || address === '' ? null : `${name} <${address}>`;
    },
    async changedPaths() {
      const words = [
        '--porcelain=v1',
        '-z',
        '--untracked-files=all',
        '--no-renames',
        '--ignore-submodules=dirty',
      ];
      const text = await git.run(['status', ...words]);
      return text.split('\0').flatMap((line) => (line === '' ? [] : [line.slice(3)]));
    },
    textAt: async (commit, path) =>
      await git.run(['cat-file', 'blob', `${commit}:${path}`]).catch(() => null),
    hasBranch: async (name) => (await ask('rev-parse', '--verify', '--quiet', `refs/heads/${name}`)) !== '',
    writeCommits: async (base, plans) => await writeCommits(git, base, plans),
    async createBranches(branches) {
      for (const name of branches.keys()) await insistOnName(git, name);
      // one transaction: where one of them is there already, none is made; by NUL, so that no name is a command
      const commands = [...branches].map(([name, commit]) => `create refs/heads/${name}\0${commit}\0`);
      await git.run(['update-ref', '--stdin', '-z'], { input: commands.join('') }).catch((error: unknown) => {
        throw new UserError('branch-exists', `cannot make the branches: ${firstLine(error)}`, {
          cause: error,
        });
      });
    },
    async pullRequestPlace() {
      const text = await git.run(['config', '-z', '--get-regexp', '^remote\\.']).catch(() => '');
      const settings = text.split('\0').map((line) => {
        const end = line.indexOf('\n');
        return [line.slice(0, end), line.slice(end + 1)] as const;
      });
      return pullRequestPlace({ settings, pushed: await remote() });
    },
    async push(branch) {
      const to = await remote();
      const words = [
        'push',
        '--recurse-submodules=no',
        '--',
        to,
        `refs/heads/${branch}:refs/heads/${branch}`,
      ];
      await git.run(words, { call: 'push' }).catch((error: unknown) => {
        const message = `cannot push ${branch} to ${to}: ${messageOf(error).trim().split('\n').at(-1)}`;
        throw new UserError('push-failed', message, {
          hint: 'the branch exists: push it by hand',
          cause: error,
        });
      });
    },
  };
}

/** @throws UserError `refused` for a name that no branch can have: git-check-ref-format(1). */
async function insistOnName(git: Git, name: string): Promise<void> {
  await git.run(['check-ref-format', '--branch', name]).catch((error: unknown) => {
    const message = `cannot make the branch ${JSON.stringify(name)}: git does not allow this name`;
    throw new UserError('refused', message, { hint: 'rename the entry', cause: error });
  });
}

function firstLine(error: unknown): string {
  return messageOf(error).trim().split('\n')[0] ?? '';
}
