import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { generateCatalog, rememberAll, sweepOnly } from './generated.ts';

/** It takes half a minute on a machine that does nothing else: only what hangs is to be stopped. */
const PATIENCE_MS = 900_000;

test(
  'a catalog of 2,000 entries is found and judged unchanged by an engine that can neither build nor run',
  async () => {
    await using top = await temporaryDirectory();
    await generateCatalog(top.path, 2000);
    await rememberAll(top.path);
    await appendFile(join(top.path, 'examples/app1999/Dockerfile'), 'RUN true\n');
    const results = (await sweepOnly(top.path)).map(({ result }) => result);
    expect(results).toHaveLength(2000);
    const others = results.filter(({ status }) => status !== 'unchanged');
    expect(others.map(({ entry, status }) => [entry, status])).toEqual([['examples/app1999', 'failed']]);
    expect(results.filter((result) => result.class === 'runtime-delta').length).toBeGreaterThan(50);
  },
  PATIENCE_MS,
);
