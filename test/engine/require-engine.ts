import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { connectEngine } from '../../src/engine/connect.ts';
import { runCli } from '../support/cli.ts';
import { scopesInEngine } from '../support/docker.ts';
import { isDeadScope, isScopeOf, sharedSweepOf } from '../support/scope.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Tests with an engine never skip: they say at once what is missing. What runs of this clone have left that were
 * killed goes first, and what this run leaves goes at its end.
 */
export default async function requireEngine({ config }: TestProject): Promise<() => Promise<void>> {
  await requireBuild();
  const engine = await connectEngine().catch((error: Error) => {
    throw new Error(`these tests need a container engine: ${error.message}; npm run setup makes one ready`);
  });
  if ((await engine.inspectImage('debian:bookworm')) === undefined) {
    throw new Error('these tests need the image debian:bookworm: npm run setup makes it');
  }
  for (const scope of await scopesInEngine()) if (isDeadScope(scope)) await cleanScope(scope);
  for (const name of await readdir(tmpdir())) if (isDeadScope(name)) await remove(join(tmpdir(), name));
  const run = config.env.KRAFT_SLIM_SCOPE ?? '';
  if (run === '')
    throw new Error('these tests need a scope: name KRAFT_SLIM_SCOPE in the env of their config');
  return async () => {
    for (const scope of await scopesInEngine()) if (isScopeOf(run, scope)) await cleanScope(scope);
    await remove(sharedSweepOf(run));
  };
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

async function cleanScope(scope: string): Promise<void> {
  const { exitCode, stderr } = await runCli(['clean'], { cwd: ROOT, env: { KRAFT_SLIM_SCOPE: scope } });
  if (exitCode !== 0) throw new Error(`cannot clean the scope ${scope}: ${stderr}`);
}

/**
 * The command is tested as it is built, so a build of other sources would test nothing. Times do not tell: git
 * gives files new ones.
 */
async function requireBuild(): Promise<void> {
  await using fresh = await temporaryDirectory();
  const compiler = join(ROOT, 'node_modules/.bin/tsc');
  await promisify(execFile)(compiler, ['-p', ROOT, '--outDir', fresh.path]).catch(
    ({ stdout }: { stdout: string }) => {
      throw new Error(`cannot build the command:\n${stdout}`);
    },
  );
  const files = await readdir(fresh.path, { recursive: true });
  for (const name of files.filter((file) => file.endsWith('.js'))) {
    const [now, built] = await Promise.all(
      [fresh.path, join(ROOT, 'dist')].map((base) => readFile(join(base, name), 'utf8').catch(() => null)),
    );
    if (now !== built)
      throw new Error(`these tests need the built command, and dist/${name} is not: npm run build`);
  }
}
