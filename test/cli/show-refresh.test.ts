import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { showRefresh } from '../../src/cli/show-refresh.ts';
import { emptyRefresh, type RefreshResult } from '../../src/refresh/report.ts';
import { UserError } from '../../src/shared/failure.ts';
import { emptyResult } from '../../src/slim/result.ts';
import { schemaFaults } from '../support/schemas.ts';

const MADE: RefreshResult = {
  ...emptyRefresh('library/redis/7.0'),
  status: 'made',
  made: 'library/redis/7.2',
  bases: [
    { reference: 'redis:7.0', digest: null, newer: '7.2', beyond: null, stays: null },
    { reference: 'debian:12', digest: null, newer: null, beyond: '13', stays: { why: 'policy', tag: '13' } },
  ],
  changes: {
    files: { added: ['/a\u001b[31m', '/b'], removed: [] },
    before: { files: 3, bytes: 9_000_000 },
    after: { files: 5, bytes: 8_000_000 },
    packages: { added: ['x'], removed: ['y'], changed: [{ name: 'z', from: '1', to: '2' }] },
  },
  written: ['library/redis/7.2', 'README.md'],
  result: { ...emptyResult('library/redis/7.2'), reason: 'x', code: 'internal' },
};

const documentOf = (...results: RefreshResult[]) => ({ schema: 'kraft-slim/refresh/1', results, seconds: 1 });

test('what was made is shown with all that has changed', () => {
  expect(
    stripVTControlCharacters(String(showRefresh({ result: MADE, error: null }))),
  ).toBe(`library/redis/7.0  made → library/redis/7.2
  newer     redis:7.0: 7.2
  newer     debian:12: 13, beyond the policy
  size      9.0 MB → 8.0 MB
  files in  /a\\x1b[31m, /b
  files out none
  packages  z 1 → 2, +x, -y
  written   library/redis/7.2, README.md`);
});

test('what stays is shown with its reason, once', () => {
  const result: RefreshResult = {
    ...emptyRefresh('library/redis/7.0'),
    reason: 'redis:7.0: 8.0 is beyond the policy',
    bases: [
      {
        reference: 'redis:7.0',
        digest: null,
        newer: null,
        beyond: '8.0',
        stays: { why: 'policy', tag: '8.0' },
      },
    ],
  };
  expect(schemaFaults(documentOf(result))).toEqual([]);
  expect(stripVTControlCharacters(String(showRefresh({ result, error: null })))).toBe(
    'library/redis/7.0  current\n            redis:7.0: 8.0 is beyond the policy',
  );
});

test('a failure is shown with what to do about it', () => {
  const error = new UserError('rate-limited', 'cannot ask', { hint: 'wait', detail: 'one\ntwo' });
  const result = {
    ...emptyRefresh('a'),
    status: 'failed',
    code: 'rate-limited',
    reason: 'cannot ask',
  } as const;
  expect(stripVTControlCharacters(String(showRefresh({ result, error })))).toBe(
    'a  failed\n  rate-limited cannot ask\n  hint      wait\n            one\n            two',
  );
});

describe('the document', () => {
  test('obeys its schema', () => {
    const failed = { ...emptyRefresh('a'), status: 'failed', code: 'image-not-found', reason: 'x' } as const;
    expect(schemaFaults(documentOf(MADE, emptyRefresh('b'), failed))).toEqual([]);
  });

  test.each<[string, Partial<RefreshResult>]>([
    ['made, without a word about what', { made: null }],
    ['made, with a code', { code: 'internal' }],
    ['failed, with something written', { status: 'failed', code: 'internal', reason: 'x' }],
    ['skipped without a reason', { status: 'skipped', code: 'no-dockerfile', written: [] }],
    ['redone, with another entry', { status: 'redone' }],
  ])('is not %s', (_, change) => {
    expect(schemaFaults(documentOf({ ...MADE, ...change }))).not.toEqual([]);
  });
});
