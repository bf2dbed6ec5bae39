import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { samples } from '../support/samples.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { generateCatalog, rememberAll, sweepOnly } from './generated.ts';

/** A tenth of the entries are runtime deltas, and the last entry changes. */
const COUNT = samples({ ci: 200, soak: 2000 });

/** The soak takes half a minute on a machine that does nothing else: only what hangs is to be stopped. */
const PATIENCE_MS = 900_000;

test(
  `a catalog of ${COUNT} entries is found and judged unchanged by an engine that can neither build nor run`,
  async () => {
    await using top = await temporaryDirectory();
    await generateCatalog(top.path, COUNT);
    await rememberAll(top.path);
    await appendFile(join(top.path, `examples/app${COUNT - 1}/Dockerfile`), 'RUN true\n');
    const results = (await sweepOnly(top.path)).map(({ result }) => result);
    expect(results).toHaveLength(COUNT);
    const others = results.filter(({ status }) => status !== 'unchanged');
    expect(others.map(({ entry, status }) => [entry, status])).toEqual([
      [`examples/app${COUNT - 1}`, 'failed'],
    ]);
    expect(results.filter((result) => result.class === 'runtime-delta').length).toBeGreaterThan(COUNT / 40);
  },
  PATIENCE_MS,
);
