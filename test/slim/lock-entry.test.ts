import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileChange } from '../../src/slim/file-change.ts';
import { applyChanges } from '../../src/slim/write/write.ts';
import { samples } from '../support/samples.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const NAMES = ['Kraftfile', 'Dockerfile', 'rootfs.list'];

/** Texts of different lengths, so that a torn file shows. */
const changesTo = (run: string): FileChange[] =>
  NAMES.map((name) => ({ name, before: `${name} before\n`, after: `${name} of ${run}\n`.repeat(500) }));

test('of three runs that write one entry at once one writes all its files, and the others none', async () => {
  await using top = await temporaryDirectory();
  for (let round = 0; round < samples({ ci: 30, soak: 300 }); round += 1) {
    const directory = join(top.path, `${round}`);
    await mkdir(directory);
    for (const name of NAMES) await writeFile(join(directory, name), `${name} before\n`);
    const runs = ['a', 'bb', 'ccc'];
    const ends = await Promise.allSettled(runs.map((run) => applyChanges(changesTo(run), [], { directory })));
    const [winner, ...others] = runs.filter((_, at) => ends[at]?.status === 'fulfilled');
    expect(others).toEqual([]);
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'would-overwrite' });
    }
    for (const { name, after } of changesTo(winner as string)) {
      expect(await readFile(join(directory, name), 'utf8')).toBe(after);
    }
    expect((await readdir(directory)).sort()).toEqual([...NAMES].sort());
  }
}, 120_000);
