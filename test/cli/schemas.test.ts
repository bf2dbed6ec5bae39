import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorDocument, sweepDocument } from '../../src/cli/documents.ts';
import { FAILURE_CODES, PR_CODES, REGISTRY_CODES, SKIP_CODES, UserError } from '../../src/shared/failure.ts';
import { emptyResult, type Result } from '../../src/slim/result.ts';
import { readSchema, schemaFaults } from '../support/schemas.ts';

const SIZE = { files: 41, bytes: 9_800_000 };
const STAGE = { files: 12, bytes: 9_000_000, passed: null, seconds: 0.1 };

const SLIMMED: Result = {
  ...emptyResult('library/nginx/1.22'),
  class: 'library',
  status: 'slimmed',
  promise: 'runtime',
  launches: [{ kraftfile: 'Kraftfile', argv: ['/usr/sbin/nginx'], env: { HOME: '/' } }],
  before: { files: 9123, bytes: 170_000_000 },
  after: SIZE,
  stages: [
    { ...STAGE, name: 'static' },
    { ...STAGE, name: 'dynamic', passed: true },
    { ...STAGE, name: 'search', files: null, bytes: null },
  ],
  search: { oracleRuns: 0, cacheHits: 0, minimal: 'none', held: 0, implied: 0 },
  workload: { source: 'readme', probes: [{ kind: 'http', passed: true }] },
  verified: true,
  memory: { initramfsBytes: 9_990_204, suggestedMiB: 64 },
  written: ['Dockerfile'],
};
const UNCHANGED: Result = { ...SLIMMED, status: 'unchanged', written: [] };
const SKIPPED: Result = {
  ...emptyResult('native/helloworld-c'),
  class: 'native',
  status: 'skipped',
  code: 'no-dockerfile',
  reason: 'the Kraftfile names no rootfs',
};
const FAILED: Result = { ...emptyResult('.'), code: 'kraftfile-missing', reason: 'cannot find a Kraftfile' };

describe('a result', () => {
  test.each([
    ['slimmed', SLIMMED],
    ['unchanged', UNCHANGED],
    ['unchanged and never slimmed before', { ...UNCHANGED, before: null }],
    ['repaired', { ...SLIMMED, repaired: true, before: null }],
    [
      'a runtime delta',
      { ...SLIMMED, class: 'runtime-delta', runtime: { entry: 'library/node/18', bytes: 1 } },
    ],
    ['skipped', SKIPPED],
    ['failed', FAILED],
    [
      'failed late',
      { ...SLIMMED, status: 'failed', code: 'verify-failed', reason: 'x', verified: false, written: [] },
    ],
  ])('%s is valid', (_, document) => {
    expect(schemaFaults(document)).toEqual([]);
  });

  test.each(Object.keys(SLIMMED))('has to have the key %s', (key) => {
    const { [key]: _, ...rest } = SLIMMED as Record<string, unknown>;
    expect(schemaFaults(rest)).not.toEqual([]);
  });

  test.each<[string, object]>([
    ['an unknown key', { ...SLIMMED, extra: 1 }],
    ['slimmed with a code', { ...SLIMMED, code: 'verify-failed' }],
    ['slimmed and not verified', { ...SLIMMED, verified: false }],
    ['slimmed without a file that was written', { ...SLIMMED, written: [] }],
    ['slimmed with an unknown size before, and not repaired', { ...SLIMMED, before: null }],
    ['slimmed without a size after', { ...SLIMMED, after: null }],
    ['repaired with a size before', { ...SLIMMED, repaired: true }],
    ['unchanged with a file that was written', { ...UNCHANGED, written: ['Dockerfile'] }],
    ['skipped with a code of a failure', { ...SKIPPED, code: 'build-failed' }],
    ['skipped without a reason', { ...SKIPPED, reason: null }],
    ['failed with a code of a skip', { ...FAILED, code: 'filtered' }],
    ['failed and verified', { ...FAILED, verified: true }],
    ['failed with a file that was written', { ...FAILED, written: ['Dockerfile'] }],
    ['stages in another order', { ...SLIMMED, stages: SLIMMED.stages.toReversed() }],
    [
      'a stage that was not run, but passed',
      { ...SLIMMED, stages: [{ ...SLIMMED.stages[2], passed: true }] },
    ],
    [
      'a runtime below a class that has none',
      { ...SLIMMED, runtime: { entry: 'library/node/18', bytes: 1 } },
    ],
    ['a size that is no whole number', { ...SLIMMED, after: { files: 1.5, bytes: 1 } }],
  ])('%s is not valid', (_, document) => {
    expect(schemaFaults(document)).not.toEqual([]);
  });

  test('the codes of the schema are those of the code', () => {
    const { properties } = readSchema('result-1.json') as { properties: { code: { enum: unknown[] } } };
    expect(properties.code.enum).toEqual([...SKIP_CODES, ...FAILURE_CODES, null]);
  });
});

describe('other documents', () => {
  test('a sweep is valid, and a sweep of nothing', () => {
    expect(schemaFaults(sweepDocument([SLIMMED, SKIPPED, FAILED], 1234))).toEqual([]);
    expect(schemaFaults(sweepDocument([], 0))).toEqual([]);
  });

  test('a sweep with one wrong result is not', () => {
    expect(schemaFaults(sweepDocument([{ ...SLIMMED, verified: false }], 0))).not.toEqual([]);
  });

  test('an error is valid: with a hint, without one, and where it is ours', () => {
    const errors = [
      new UserError('usage', 'a', { hint: 'b' }),
      new UserError('engine-absent', 'a'),
      new Error('a'),
    ];
    for (const error of errors) expect(schemaFaults(errorDocument(error))).toEqual([]);
  });

  test('the codes of an error are those of the code', () => {
    const { properties } = readSchema('error-1.json') as { properties: { code: { enum: unknown[] } } };
    expect(properties.code.enum).toEqual(['usage', ...FAILURE_CODES, ...REGISTRY_CODES, ...PR_CODES]);
  });

  test('what clean has removed is valid', () => {
    const lists = { containers: ['3f1a'], images: ['kraft-slim/empty:2'], networks: [] };
    expect(schemaFaults({ schema: 'kraft-slim/clean/1', ...lists })).toEqual([]);
    expect(schemaFaults({ schema: 'kraft-slim/clean/1', ...lists, images: [null] })).not.toEqual([]);
  });
});

test('what a worker has done is valid', () => {
  expect(schemaFaults({ schema: 'kraft-slim/worker/1', done: 3, failed: 0 })).toEqual([]);
  expect(schemaFaults({ schema: 'kraft-slim/worker/1', done: -1, failed: 0 })).not.toEqual([]);
});

test('every schema says what each document is', () => {
  for (const file of readdirSync(join(import.meta.dirname, '../../docs/schemas'))) {
    const { $schema, title, description } = readSchema(file);
    expect({ file, $schema, title, description }).toEqual({
      file,
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: expect.any(String),
      description: expect.any(String),
    });
  }
});
