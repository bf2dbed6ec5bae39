import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workflowOf } from '../../src/catalog/entry-files.ts';
import { renderWorkflow } from '../../src/making/render-workflow.ts';

const FIXTURES = join(import.meta.dirname, '../../catalog-fixtures');

test.each(['library/redis/7.0', 'library/nginx/1.22', 'library/node/18'])(
  "the workflow of %s is the fixture's, but for the minute",
  (entry) => {
    const written = readFileSync(join(FIXTURES, workflowOf(entry) ?? ''), 'utf8');
    const withoutMinute = (text: string) => text.replace(/'\d+ 2 /, "'0 2 ");
    expect(withoutMinute(renderWorkflow(entry))).toBe(withoutMinute(written));
  },
);

test('only library entries have one', () => {
  expect(workflowOf('library/base')).toBe('.github/workflows/library-base.yaml');
  expect(workflowOf('examples/a')).toBeNull();
  expect(workflowOf('library/a/b/c')).toBeNull();
});
