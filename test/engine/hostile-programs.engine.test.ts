import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogOf } from '../support/catalog.ts';
import { runCli } from '../support/cli.ts';
import { canary, plantBare } from '../support/hostile-repository.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

test('no verb runs a program of an entry that holds a bare repository', async () => {
  await using traps = await canary();
  await using catalog = await catalogOf({ ...smallEntry(), '.gitattributes': '* filter=evil diff=evil\n' });
  await plantBare(join(catalog.path, APP), traps);
  const run = async (...words: string[]) => await runCli(words, { cwd: catalog.path });
  await run('check', '--fix', '.');
  expect(await traps.traces()).toEqual([]);
  expect((await run(APP)).stderr).not.toContain('internal');
  expect(await catalog.read(`${APP}/Dockerfile`)).toContain('FROM scratch');
  await run('sweep', '--changed-since', 'HEAD', '.');
  await run('refresh', '--dry-run', APP);
  await run('pr', APP);
  expect(await traps.traces()).toEqual([]);
});
