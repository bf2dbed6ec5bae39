import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, UserError } from '../shared/failure.ts';
import type { PullRequest } from './pull-request.ts';

const run = promisify(execFile);

/** @throws UserError `gh-failed` where the program is not installed. */
export async function insistOnGh(): Promise<void> {
  await run('gh', ['--version']).catch((error: unknown) => {
    throw new UserError('gh-failed', 'cannot hand anything to gh: it is not on PATH', {
      hint: "install GitHub's command line, https://cli.github.com, or leave --gh out",
      cause: error,
    });
  });
}

/** Has GitHub's own program make a pull request of a branch that was pushed; gives its address. */
export async function handToGh(
  directory: string,
  { branch, base, pullRequest }: { branch: string; base: string; pullRequest: PullRequest },
): Promise<string> {
  const { title, body } = pullRequest;
  const words = ['pr', 'create', '--head', branch, '--base', base, '--title', title, '--body', body];
  try {
    const { stdout } = await run('gh', words, { cwd: directory });
    return stdout.trim().split('\n').at(-1) ?? '';
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim() || messageOf(error);
    throw new UserError('gh-failed', `cannot make a pull request of ${branch}: ${why.split('\n')[0]}`, {
      hint: 'the branch was pushed: make one by hand',
      cause: error,
    });
  }
}
