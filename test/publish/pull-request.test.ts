import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Proposal } from '../../src/publish/proposal.ts';
import { pullRequestOf } from '../../src/publish/pull-request.ts';
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
