import { join } from 'node:path';
import { expect, test } from 'vitest';
import { slimEntry } from '../../src/slim/slim-entry.ts';
import { catalogOf } from '../support/catalog.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { PLAIN } from '../sweep/plain-options.ts';

test('a runtime that the catalog lacks is refused before an engine is reached', async () => {
  await using catalog = await catalogOf({
    ...smallEntry(),
    [`${APP}/Kraftfile`]: 'spec: v0.6\nruntime: java:latest\nrootfs: ./Dockerfile\ncmd: ["/a"]\n',
  });
  let reached = false;
  const { result } = await slimEntry(join(catalog.path, APP), PLAIN, {
    engine: async () => {
      reached = true;
      throw new Error('nothing may be built');
    },
    signal: new AbortController().signal,
    on: () => undefined,
  });
  expect(result).toMatchObject({ status: 'failed', code: 'rootfs-missing' });
  expect(result.reason).toContain('cannot lay the entry over java:latest');
  expect(result.hint).toContain('library/java');
  expect(reached).toBe(false);
});
