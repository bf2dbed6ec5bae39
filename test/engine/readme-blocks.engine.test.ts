import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { runEntry } from '../support/run-entry.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

const README = `${APP}/README.md`;
const BLOCKS = ['expected-output', 'sizes', 'memory', 'other']
  .map((name) => `<!-- kraft-slim:begin ${name} -->\n<!-- kraft-slim:end -->\n`)
  .join('');

// the tests of this file follow one catalog, in their order
let catalog: Catalog;
beforeAll(async () => {
  const entry = smallEntry({ readme: 'kraft run .' });
  catalog = await catalogOf({ ...entry, [README]: `${entry[README]}\n${BLOCKS}The end.\n` });
});
afterAll(() => catalog[Symbol.asyncDispose]());

test('what the author has left to the tool in a README is filled in, and nothing else is touched', async () => {
  const { status, written, memory, after, warnings } = await runEntry(catalog, APP);
  expect({ status, written: [...written].sort() }).toEqual({
    status: 'slimmed',
    written: ['Dockerfile', 'README.md'],
  });
  const text = await catalog.read(README);
  expect(text).toContain('begin expected-output -->\n```text\nHello\n```\n<!--');
  expect(text).toContain(`| As it is run | ${after?.files} | `);
  expect(text).toContain(`begin memory -->\nRun it with \`-M ${memory?.suggestedMiB}M\`.\n<!--`);
  expect(text.replace(/(begin [\w-]+ -->\n).*?(?=<!-- kraft-slim:end)/gs, '$1')).toContain(
    `${BLOCKS}The end.\n`,
  );
  expect(warnings).toContainEqual({
    code: 'readme-block',
    message: 'README.md: the block other is not known: known are sizes, memory, expected-output',
  });
});

test.each([
  ['looked at', []],
  ['analysed again', ['--redo']],
])('a second time, %s, nothing changes', async (_, options) => {
  await catalog.commit();
  const { status, verified, written, workload } = await runEntry(catalog, APP, ...options);
  expect({ status, verified, written }).toEqual({ status: 'unchanged', verified: true, written: [] });
  expect(workload).toEqual({ source: 'readme', probes: [{ kind: 'output', passed: true }] });
});

test('a marker without its other half is reported before any work', async () => {
  await catalog.write({ [README]: (before) => before.replace('<!-- kraft-slim:end -->\n', '') });
  const { code, reason, launches } = await runEntry(catalog, APP, '--redo');
  expect({ code, launches }).toEqual({ code: 'config-invalid', launches: [] });
  expect(reason).toContain(`cannot read ${README}: there is no kraft-slim:end for this kraft-slim:begin`);
});
