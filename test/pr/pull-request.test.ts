import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Proposal } from '../../src/pr/proposal.ts';
import { pullRequestOf } from '../../src/pr/pull-request.ts';
import { emptyResult } from '../../src/slim/result.ts';
import { anyHostile } from '../support/hostile.ts';
import { MEANS_MORE, outsideCode } from '../support/markdown.ts';

test('a body means no more than it says, whatever a warning, a reason or a title is', () => {
  fc.assert(
    fc.property(anyHostile, anyHostile, anyHostile, (title, reason, message) => {
      const warnings = [{ code: 'not-pie', message }];
      const proposal = {
        unit: { name: 'library/a' },
        title,
        upstream: [{ image: reason, source: message, revision: title }],
        state: {
          result: { ...emptyResult('library/a'), warnings },
          kept: [{ path: '/a', reasons: [reason] }],
        },
      } as unknown as Proposal;
      const { body } = pullRequestOf([proposal], 'fix: x');
      expect(outsideCode(body)).not.toMatch(MEANS_MORE);
      expect(body).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}]/u);
      const headings = body.split('\n').filter((line) => line.startsWith('#'));
      expect(headings).toHaveLength(2);
    }),
  );
});

test.each([
  ['app', 'It keeps the app with all that its author put in (`promise: app`).'],
  ['workload', 'It keeps what the workload needs, and nothing for other uses (`promise: workload`).'],
  [null, null],
] as const)('a body names the promise %s', (promise, sentence) => {
  const proposal = {
    unit: { name: 'library/a' },
    title: 'fix: a',
    upstream: [],
    state: { result: { ...emptyResult('library/a'), promise }, kept: null },
  } as unknown as Proposal;
  const lines = pullRequestOf([proposal], 'fix: a').body.split('\n');
  expect(lines.filter((line) => line.startsWith('It keeps'))).toEqual(sentence === null ? [] : [sentence]);
});

test('a body names the sources of the base images, as their labels do', () => {
  const proposal = {
    unit: { name: 'library/a' },
    title: 'fix: a',
    upstream: [
      { image: 'redis:7.4', source: 'https://github.com/redis/docker', revision: '0123abc' },
      { image: 'debian:bookworm', source: null, revision: null },
    ],
    state: { result: emptyResult('library/a'), kept: null },
  } as unknown as Proposal;
  const lines = pullRequestOf([proposal], 'fix: a').body.split('\n');
  expect(lines.filter((line) => line.startsWith('- '))).toEqual([
    '- `redis:7.4`, source `https://github.com/redis/docker`, revision `0123abc`',
    '- `debian:bookworm`, whose labels name no source',
  ]);
});
