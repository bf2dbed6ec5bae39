import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SimpleGit, simpleGit } from 'simple-git';
import { messageOf, UserError } from '../shared/failure.ts';
import { gitEnvironment } from './environment.ts';

/** One commit that is to be made, on top of the one before it. */
export type CommitPlan = {
  /** The paragraphs of its message; the last one holds the trailers. */
  readonly message: readonly string[];
  /** Files by their paths from the top: a directory as it is in the work tree, or a text. */
  readonly changes: readonly (
    | { readonly kind: 'directory'; readonly path: string }
    | { readonly kind: 'text'; readonly path: string; readonly text: string }
  )[];
};

export type Commit = { readonly id: string; readonly subject: string };

/** A git repository with a work tree. Nothing here ever touches the work tree, its index or HEAD. */
export interface Repository {
  /** The top of the work tree; absolute. */
  readonly top: string;
  /** The branch that HEAD is on; null where it is on none. */
  branch(): Promise<string | null>;
  /** The branch that others start from: what the remote's HEAD is on, else `main` or `master`; null for none. */
  mainBranch(): Promise<{ readonly name: string; readonly commit: string } | null>;
  /** Who commits, `Name <address>`; null where git was not told. */
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
  /** Pushes a branch to the remote that the main branch comes from. @throws UserError `push-failed`. */
  push(branch: string): Promise<void>;
}

/** @throws UserError `no-repository` where a directory lies in no work tree. */
export async function openRepository(directory: string): Promise<Repository> {
  const top = await gitIn(directory)
    .raw(['rev-parse', '--show-toplevel'])
    .catch((error: unknown) => {
      throw new UserError('no-repository', `cannot use git here: ${firstLine(error)}`, {
        hint: 'run it in a clone of the catalog',
        cause: error,
      });
    });
  return repositoryAt(top.trim());
}

function repositoryAt(top: string): Repository {
  const git = gitIn(top);
  const ask = async (...words: string[]) => (await git.raw(words).catch(() => '')).trim();
  const remote = async () =>
    (await ask('config', '--get', `branch.${(await main())?.name}.remote`)) || 'origin';
  const main = async () => {
    const remoteHead = await ask('symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD');
    const names = [remoteHead.replace(/^refs\/remotes\/origin\//, ''), 'main', 'master'];
    for (const name of names.filter((one) => one !== '')) {
      for (const ref of [`refs/heads/${name}`, `refs/remotes/origin/${name}`]) {
        const commit = await ask('rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
        if (commit !== '') return { name, commit };
      }
    }
    return null;
  };
  return {
    top,
    branch: async () => (await ask('symbolic-ref', '--quiet', '--short', 'HEAD')) || null,
    mainBranch: main,
    async identity() {
      const name = process.env.GIT_COMMITTER_NAME || (await ask('config', 'user.name'));
      const address = process.env.GIT_COMMITTER_EMAIL || (await ask('config', 'user.email'));
      return name === '' || address === '' ? null : `${name} <${address}>`;
    },
    async changedPaths() {
      const text = await git.raw(['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames']);
      return text.split('\0').flatMap((line) => (line === '' ? [] : [line.slice(3)]));
    },
    textAt: async (commit, path) =>
      await git.raw(['cat-file', 'blob', `${commit}:${path}`]).catch(() => null),
    hasBranch: async (name) => (await ask('rev-parse', '--verify', '--quiet', `refs/heads/${name}`)) !== '',
    writeCommits: async (base, plans) => await writeCommits(top, base, plans),
    async createBranches(branches) {
      // one transaction: where one of them is there already, none is made
      const lines = [...branches].map(([name, commit]) => `create refs/heads/${name} ${commit}\n`);
      await gitIn(top, { input: lines.join('') })
        .raw(['update-ref', '--stdin'])
        .catch((error: unknown) => {
          throw new UserError('branch-exists', `cannot make the branches: ${firstLine(error)}`, {
            cause: error,
          });
        });
    },
    async push(branch) {
      const to = await remote();
      await git.raw(['push', to, `refs/heads/${branch}:refs/heads/${branch}`]).catch((error: unknown) => {
        const message = `cannot push ${branch} to ${to}: ${messageOf(error).trim().split('\n').at(-1)}`;
        throw new UserError('push-failed', message, {
          hint: 'the branch is there: push it by hand',
          cause: error,
        });
      });
    },
  };
}

/** Who commits, where the gitEnvironment says so. */
const IDENTITY = ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'];

type GitOptions = {
  /** The index to work over, instead of the user's. */
  readonly index?: string;
  /** What every command is given to read. */
  readonly input?: string;
};

function gitIn(directory: string, { index, input }: GitOptions = {}): SimpleGit {
  const own = IDENTITY.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  const env = {
    ...gitEnvironment(),
    ...Object.fromEntries(own),
    // git's messages are shown, so they have to be in one language
    LC_ALL: 'C',
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
  };
  const allowEnvironment = ['GIT_INDEX_FILE', ...IDENTITY];
  const options = input === undefined ? {} : { input: () => input };
  return simpleGit({ baseDir: directory, allowEnvironment, ...options }).env(env);
}

/** Commits made over an index of their own. */
async function writeCommits(top: string, base: string, plans: readonly CommitPlan[]): Promise<Commit[]> {
  const aside = await mkdtemp(join(tmpdir(), 'kraft-slim-index-'));
  try {
    const git = gitIn(top, { index: join(aside, 'index') });
    const ask = async (...words: string[]) => (await git.raw(words)).trim();
    const commits: Commit[] = [];
    let parent = base;
    await git.raw(['read-tree', base]);
    for (const { message, changes } of plans) {
      for (const change of changes) {
        if (change.kind === 'directory') {
          await git.raw(['--literal-pathspecs', 'add', '--all', '--', change.path]);
        } else {
          const blob = (
            await gitIn(top, { input: change.text }).raw(['hash-object', '-w', '--stdin'])
          ).trim();
          await git.raw(['update-index', '--add', '--cacheinfo', `100644,${blob},${change.path}`]);
        }
      }
      const tree = await ask('write-tree');
      if (tree === (await ask('rev-parse', `${parent}^{tree}`))) continue;
      const paragraphs = message.flatMap((text) => ['-m', text]);
      parent = await ask('commit-tree', tree, '-p', parent, ...paragraphs);
      commits.push({ id: parent, subject: message[0] ?? '' });
    }
    return commits;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function firstLine(error: unknown): string {
  return messageOf(error).trim().split('\n')[0] ?? '';
}
