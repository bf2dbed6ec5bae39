import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectEngine } from '../../src/engine/connect.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Tests with an engine never skip: they say at once what is missing. */
export default async function requireEngine(): Promise<void> {
  await requireBuild();
  const engine = await connectEngine().catch((error: Error) => {
    throw new Error(`these tests need a container engine: ${error.message}; npm run setup makes one ready`);
  });
  if ((await engine.inspectImage('debian:bookworm')) === undefined) {
    throw new Error('these tests need the image debian:bookworm: npm run setup makes it');
  }
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
