import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Git as it is on any machine: hooks, signing and templates of the user who runs the tests stay out. */
export async function git(cwd: string, ...words: string[]): Promise<string> {
  const who = { NAME: 'kraft-slim', EMAIL: 'kraft-slim@example.org' };
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  };
  const { stdout } = await run('git', words, { cwd, env });
  return stdout;
}
