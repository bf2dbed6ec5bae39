import { join, relative, resolve } from 'node:path';
import { findCatalogRoot } from '../catalog/catalog-root.ts';
import { README } from '../catalog/entry-files.ts';
import type { PullRequestPlace } from '../git/pull-request-place.ts';
import { type GitRepository, openRepository } from '../git/repository.ts';
import type { Commit } from '../git/write-commits.ts';
import { UserError } from '../shared/failure.ts';
import { hashOf, STATE_DIRECTORY } from '../slim/state/state.ts';
import { writeStateText } from '../store/state-file.ts';
import { handToGh, insistOnGh, insistOnPlace } from './hand-to-gh.ts';
import { insistClean } from './insist-clean.ts';
import { openProposal } from './open-proposal.ts';
import { planCommits } from './plan-commits.ts';
import { branchOf, groupOf, inGroups, type Proposal } from './proposal.ts';
import { type PullRequest, pullRequestOf } from './pull-request.ts';

export type MakeBranchesOptions = {
  /** One branch for all entries, instead of one each. */
  readonly single: boolean;
  readonly push: boolean;
  /** Hand what was pushed to GitHub's own program. */
  readonly gh: boolean;
  readonly stateDirectory: string | null;
};

/** A branch that was made. */
export type Branch = {
  readonly branch: string;
  /** The branch that it starts from. */
  readonly base: string;
  readonly entries: readonly string[];
  readonly commits: readonly Commit[];
  readonly title: string;
  readonly body: string;
  readonly pushed: boolean;
  /** Of the pull request that gh has made; null for none. */
  readonly url: string | null;
};

/**
 * Puts entries forward: a branch with their commits each, and what a reviewer is to read. All is written aside from
 * the work tree, its index and HEAD, and the branches appear at once, when all of it is there.
 * @throws UserError with a `PrCode`; nothing was made then, unless it says that it is a push that failed.
 */
export async function makeBranches(
  paths: readonly string[],
  options: MakeBranchesOptions,
): Promise<Branch[]> {
  const catalogRoot = findCatalogRoot(resolve(paths[0] ?? '.'), process.cwd());
  const repository = await openRepository(catalogRoot);
  if (options.gh) await insistOnGh(repository.top);
  const place = options.gh && options.push ? insistOnPlace(await repository.pullRequestPlace()) : null;
  const { base, signer } = await insistOnRepository(repository);
  const proposals: Proposal[] = [];
  for (const path of paths) {
    const { stateDirectory } = options;
    proposals.push(await openProposal(path, { repository, main: base.commit, stateDirectory }));
  }
  await insistClean(repository, proposals, catalogRoot);
  const groups = options.single ? [proposals] : inGroups(proposals);
  const names = groups.map((group) => branchOf(group, hashOf));
  await insistNew(repository, names);
  const readmePath = relative(repository.top, join(catalogRoot, README));
  const text = await repository.textAt(base.commit, readmePath);
  const readme = text === null ? null : { path: readmePath, text };
  const branches: Branch[] = [];
  for (const [at, group] of groups.entries()) {
    const commits = await repository.writeCommits(base.commit, planCommits(group, { signer, readme }));
    const pullRequest = pullRequestOf(group, titleOf(group, commits));
    branches.push({ ...describe(group, names[at] ?? '', commits), base: base.name, ...pullRequest });
  }
  await repository.createBranches(
    new Map(branches.map(({ branch, commits }) => [branch, commits.at(-1)?.id ?? ''])),
  );
  await keepTexts(options.stateDirectory ?? join(catalogRoot, STATE_DIRECTORY), branches);
  return options.push ? await pushAll(repository, branches, place) : branches;
}

async function insistOnRepository(repository: GitRepository) {
  if ((await repository.branch()) === null) {
    throw new UserError('head-detached', 'cannot make branches: HEAD is on no branch', {
      hint: 'git switch main',
    });
  }
  const base = await repository.mainBranch();
  if (base === null) {
    throw new UserError(
      'branch-missing',
      'cannot make branches: there is neither main nor master to start from',
      {
        hint: 'git fetch origin main',
      },
    );
  }
  const signer = await repository.identity();
  if (signer === null) {
    throw new UserError('identity-missing', 'cannot sign commits off: git does not know who you are', {
      hint: 'git config user.name "Your Name" && git config user.email you@example.org',
    });
  }
  return { base, signer };
}

async function insistNew(repository: GitRepository, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (!(await repository.hasBranch(name))) continue;
    throw new UserError('branch-exists', `cannot make the branch ${name}: it exists already`, {
      hint: `git branch -D ${name}, if you do not need it any more`,
    });
  }
}

/** For one entry, the subject of its commit. @throws UserError `nothing-to-propose` where there is no commit. */
function titleOf(group: readonly Proposal[], commits: readonly Commit[]): string {
  const [first] = commits;
  const names = group.map(({ unit }) => unit.name);
  if (first === undefined) {
    const what = names.join(', ');
    throw new UserError(
      'nothing-to-propose',
      `cannot make a branch for ${what}: the main branch already has it`,
    );
  }
  const name = groupOf(group);
  return group.length === 1
    ? first.subject
    : `Update ${group.length} entries${name === null ? '' : ` of ${name}`}`;
}

function describe(group: readonly Proposal[], branch: string, commits: readonly Commit[]) {
  return { branch, entries: group.map(({ unit }) => unit.name), commits, pushed: false, url: null };
}

/** What reviewers are to read, beside the state: it can be had again until the next time. */
async function keepTexts(stateDirectory: string, branches: readonly Branch[]): Promise<void> {
  for (const { branch, title, body } of branches) {
    writeStateText(
      stateDirectory,
      `pull-requests/${branch.replaceAll('/', '+')}.md`,
      `# ${title}\n\n${body}`,
    );
  }
}

async function pushAll(
  repository: GitRepository,
  branches: readonly Branch[],
  place: PullRequestPlace | null,
): Promise<Branch[]> {
  const done: Branch[] = [];
  for (const made of branches) {
    await repository.push(made.branch);
    const pullRequest: PullRequest = { title: made.title, body: made.body };
    const { branch, base } = made;
    const url = place === null ? null : await handToGh(repository.top, { place, branch, base, pullRequest });
    done.push({ ...made, pushed: true, url });
  }
  return done;
}
