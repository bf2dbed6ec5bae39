import { describe, expect, test } from 'vitest';
import { errorDocument, sweepDocument } from '../../src/cli/documents.ts';
import { UserError } from '../../src/shared/failure.ts';
import { reportOf } from '../support/reports.ts';
import { schemaFaults } from '../support/schemas.ts';

const size = (bytes: number) => ({ files: 1, bytes });

describe('the document of several entries', () => {
  const results = [
    { status: 'slimmed', before: size(100), after: size(10) },
    { status: 'slimmed', before: size(1000), after: size(20) },
    { status: 'unchanged', before: null, after: size(7) },
    { status: 'skipped', code: 'no-dockerfile', reason: 'why' },
    { status: 'failed', code: 'build-failed', reason: 'why', before: size(5) },
  ] as const;

  test('counts each status, and adds up the results of which both sizes are known', () => {
    const all = results.map((result) => reportOf(result).result);
    const document = sweepDocument(all, 1234);
    expect(document.totals).toEqual({
      slimmed: 2,
      unchanged: 1,
      skipped: 1,
      failed: 1,
      beforeBytes: 1100,
      afterBytes: 30,
      seconds: 1.23,
    });
    expect(document.results).toEqual(all);
  });

  test('is whole where none was finished', () => {
    const document = sweepDocument([], 0);
    expect(document.totals).toMatchObject({ slimmed: 0, failed: 0, beforeBytes: 0, seconds: 0 });
    expect(schemaFaults(document)).toEqual([]);
  });
});

describe('the document where no result can be formed', () => {
  test.each([
    [new UserError('usage', 'cannot do that', { hint: 'do this' }), 'usage', 'cannot do that', 'do this'],
    [new UserError('engine-absent', 'cannot reach it'), 'engine-absent', 'cannot reach it', null],
    [new TypeError('x is not a function'), 'internal', 'x is not a function', null],
    ['thrown text', 'internal', 'thrown text', null],
  ])('reports %s', (error, code, message, hint) => {
    const document = errorDocument(error);
    expect(document).toEqual({ schema: 'kraft-slim/error/1', code, message, hint });
    expect(schemaFaults(document)).toEqual([]);
  });
});
