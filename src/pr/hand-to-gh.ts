import type { PullRequestPlace } from '../git/pull-request-place.ts';
import { runProgram } from '../programs/run-program.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import type { PullRequest } from './pull-request.ts';

/** @throws UserError `gh-failed` where the program is not installed. */
export async function insistOnGh(catalog: string): Promise<void> {
  await runProgram('gh', ['gh', '--version'], { catalog }).catch((error: unknown) => {
    throw new UserError('gh-failed', 'cannot make pull requests: the program gh is not on PATH', {
      hint: "install GitHub's command line, https://cli.github.com, or leave --gh out",
      cause: error,
    });
  });
}

/**
 * The repository that gh is to make pull requests in. gh itself would read the configuration of the clone.
 * @throws UserError `gh-failed` where no remote is on a GitHub host.
 */
export function insistOnPlace(place: PullRequestPlace | null): PullRequestPlace {
  if (place !== null) return place;
  throw new UserError('gh-failed', 'cannot make pull requests: no remote is a repository of a GitHub host', {
    hint: 'git remote set-url origin https://github.com/OWNER/REPOSITORY, or leave --gh out',
  });
}

type Handed = {
  readonly place: PullRequestPlace;
  readonly branch: string;
  readonly base: string;
  readonly pullRequest: PullRequest;
};

/** Has GitHub's own program make a pull request of a branch that was pushed; gives its address. */
export async function handToGh(
  catalog: string,
  { place, branch, base, pullRequest }: Handed,
): Promise<string> {
  const { title, body } = pullRequest;
  const head = place.headOwner === null ? branch : `${place.headOwner}:${branch}`;
  try {
    const stdout = await runProgram(
      'gh',
      // a title that begins with a hyphen is none of gh's options this way; the body may be longer than a word can
      [
        ...([
          'gh',
          'pr',
          'create',
          `--repo=${place.repository}`,
          `--head=${head}`,
          `--base=${base}`,
        ] as const),
        ...[`--title=${title}`, '--body-file=-'],
      ],
      { catalog, input: body },
    );
    return stdout.trim().split('\n').at(-1) ?? '';
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim() || messageOf(error);
    throw new UserError('gh-failed', `cannot make a pull request of ${branch}: ${why.split('\n')[0]}`, {
      hint: 'the branch is pushed: make the pull request by hand',
      cause: error,
    });
  }
}
