import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { discoverEntries } from '../../src/sweep/discover.ts';
import { localExecutor } from '../../src/sweep/local-executor.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { generateCatalog, rememberAll } from './generated.ts';
import { PLAIN } from './plain-options.ts';

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory();
  await generateCatalog(directory.path, 1);
});
afterEach(() => directory[Symbol.asyncDispose]());

/** Works on the one entry, with an engine that never answers. */
async function execute() {
  const entries = await discoverEntries(directory.path);
  const usual = { below: null, globs: [], changed: null, classes: { only: [], skip: [] }, shard: null };
  const request = { catalogRoot: directory.path, ...usual, durations: null, options: PLAIN, jobs: 1 };
  await using executor = await localExecutor(
    { request, entries },
    {
      engine: () => new Promise(() => undefined),
      limits: { builds: 1, runs: 1, memoryBytes: null, entryTimeoutMs: 500 },
      signal: new AbortController().signal,
      on: () => undefined,
    },
  );
  const [entry] = entries;
  if (entry === undefined) throw new Error(`no entry in ${join(directory.path)}`);
  return (await executor.execute(entry)).result;
}

describe('an entry ends at its time limit, whatever all entries wait for together:', () => {
  test('the connection to the engine', async () => {
    expect(await execute()).toMatchObject({ status: 'failed', code: 'timeout' });
  });

  test('the digest of an image that an earlier run has remembered', async () => {
    await rememberAll(directory.path);
    expect(await execute()).toMatchObject({ status: 'failed', code: 'timeout' });
  });
});
