import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

/** A directory with modes, owners, links and odd names below it, of which the author wants all. */
const DOCKERFILE = [
  'FROM debian:bookworm',
  'RUN mkdir -p /opt/app/5.36.0/x /opt/app/data; cd /opt/app; echo Hello >5.36.0/hello; \\',
  '    ln -s 5.36.0 5.36; echo s >data/secret; chown 5:7 data/secret data; chmod 640 data/secret; \\',
  '    chmod 1770 data; echo b >"5.36.0/x/a b"; ln -s /etc/issue issue; touch -d @86400 5.36.0/hello',
];

let catalog: Catalog;
let first: Result;
beforeAll(async () => {
  catalog = await catalogOf({
    ...smallEntry({
      dockerfile: DOCKERFILE,
      cmd: ['/bin/cat', '/opt/app/5.36/hello', '/opt/app/issue'],
      readme: 'kraft run .\n```\n\n```\nHello',
    }),
    [`${APP}/kraft-slim.yaml`]: 'keep:\n  - /opt/app/**\n',
  });
  first = await slim();
});
afterAll(() => catalog[Symbol.asyncDispose]());

async function slim(...words: string[]): Promise<Result> {
  const { document } = await runJson([...words, APP], { cwd: catalog.path });
  return document as unknown as Result;
}

test('a directory of which everything is kept arrives by one line, as it is', async () => {
  const { status, verified, reason } = first;
  expect({ status, verified, reason }).toEqual({ status: 'slimmed', verified: true, reason: null });
  const lines = (await catalog.read(`${APP}/Dockerfile`)).split('\n');
  expect(lines.filter((line) => line.includes('/opt/app '))).toEqual(['COPY --from=build /opt/app /opt/app']);
  expect(lines.filter((line) => line.startsWith('COPY') && line.includes('/etc/issue'))).toHaveLength(1);
});

test('verify reads the same layout out of the line, and a second run changes nothing', async () => {
  const { status, verified, reason } = await slim('verify');
  expect({ status, verified, reason }).toEqual({ status: 'unchanged', verified: true, reason: null });
  expect((await slim()).status).toBe('unchanged');
});
