import { constants } from 'node:fs';
import { lstat, mkdtemp, open, readlink, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Git } from '../programs/git.ts';
import { isNotFound } from '../shared/failure.ts';
import { PLAIN_DIFF } from './changed-paths.ts';
import { insistOnNoProgram, type Storing, storedContent, storingOf } from './line-ends.ts';
import { nestedRepository } from './list-files.ts';

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

/** The mode of a commit of another repository, a submodule. */
const GITLINK = '160000';

/** A line of `git ls-files --stage`: mode and blob of a path from the top. */
type IndexEntry = { readonly mode: string; readonly id: string; readonly path: string };

/**
 * Makes commits over a separate index. No filter and no hook runs, and git signs none of them: `commit-tree` signs only
 * with an option.
 * @throws UserError `refused` for a file that a filter would rewrite, and for a repository below the directory.
 */
export async function writeCommits(git: Git, base: string, plans: readonly CommitPlan[]): Promise<Commit[]> {
  const aside = await mkdtemp(join(tmpdir(), 'kraft-slim-index-'));
  try {
    const index = join(aside, 'index');
    const ask = async (...words: string[]) => (await git.run(words, { index })).trim();
    const commits: Commit[] = [];
    let parent = base;
    await ask('read-tree', base);
    for (const { message, changes } of plans) {
      for (const change of changes) await stage(git, index, change);
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

async function stage(git: Git, index: string, change: CommitPlan['changes'][number]): Promise<void> {
  const entries =
    change.kind === 'directory'
      ? await entriesBelow(git, change.path)
      : [{ mode: '100644', id: await writeBlob(git, Buffer.from(change.text)), path: change.path }];
  const before = await listIndex(git, change.path, index);
  const gone = before.map(({ id, path }) => `0 ${'0'.repeat(id.length)}\t${path}\0`);
  const now = entries.map(({ mode, id, path }) => `${mode} ${id}\t${path}\0`);
  // separated by NUL, so that no name of a file becomes a separate line
  await git.run(['update-index', '-z', '--index-info'], { index, input: [...gone, ...now].join('') });
}

/** What a directory of the work tree would be in a commit. What has not changed stays as the user's index has it. */
async function entriesBelow(git: Git, directory: string): Promise<IndexEntry[]> {
  const names = async (...words: string[]) => {
    const text = await git.run([...words, '--', directory]);
    return text.split('\0').filter((name) => name !== '');
  };
  const tracked = await listIndex(git, directory);
  const changed = new Set(await names('diff', '--name-only', ...PLAIN_DIFF, '-z'));
  const entries = tracked.filter(({ path }) => !changed.has(path));
  const before = new Map(tracked.map((entry) => [entry.path, entry]));
  for (const path of [...changed, ...(await names('ls-files', '--others', '--exclude-standard', '-z'))]) {
    if (path.endsWith('/')) throw nestedRepository(path);
    const entry = await entryOf(git, path, before.get(path));
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

async function listIndex(git: Git, path: string, index?: string): Promise<IndexEntry[]> {
  const options = index === undefined ? {} : { index };
  const text = await git.run(['ls-files', '-z', '--stage', '--', path], options);
  return text.split('\0').flatMap((line) => {
    const [, mode, id, name] = /^(\d+) ([0-9a-f]+) \d\t([\s\S]+)$/.exec(line) ?? [];
    return mode === undefined || id === undefined || name === undefined ? [] : [{ mode, id, path: name }];
  });
}

/** A file as a commit would have it; null where there is none, or where a link leads elsewhere on the way to it. */
async function entryOf(git: Git, path: string, before: IndexEntry | undefined): Promise<IndexEntry | null> {
  const full = join(git.top, path);
  try {
    const [home, top] = await Promise.all([realpath(dirname(full)), realpath(git.top)]);
    if (home !== dirname(join(top, path))) return null;
    const stats = await lstat(full);
    if (stats.isSymbolicLink()) {
      const target = await readlink(full, { encoding: 'buffer' });
      return { mode: '120000', id: await writeBlob(git, target), path };
    }
    if (stats.isDirectory()) {
      if (before?.mode === GITLINK) throw nestedRepository(`${path}/`);
      return null;
    }
    const storing = await storingOf(git, path);
    insistOnNoProgram(path, storing);
    await using file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) return null;
    const lineEnds = await lineEndsFor(git, storing, before);
    const content = storedContent(await file.readFile(), lineEnds);
    const mode = stats.mode & 0o100 ? '100755' : '100644';
    return { mode, id: await writeBlob(git, content), path };
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** With `auto`, a file that git has with CRLF keeps them: gitattributes(5), "text". */
async function lineEndsFor(
  git: Git,
  { lineEnds }: Storing,
  before: IndexEntry | undefined,
): Promise<Storing['lineEnds']> {
  if (lineEnds !== 'auto' || before === undefined) return lineEnds;
  const kept = await git.run(['cat-file', 'blob', before.id]);
  return kept.includes('\r\n') ? 'exact' : 'auto';
}

async function writeBlob(git: Git, content: Buffer): Promise<string> {
  return (await git.run(['hash-object', '-w', '--no-filters', '--stdin'], { input: content })).trim();
}
