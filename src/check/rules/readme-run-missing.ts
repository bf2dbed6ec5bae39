import { headingsFor } from '../readme-headings.ts';
import type { Rule } from '../rule.ts';

export const readmeRunMissing: Rule = {
  code: 'readme-run-missing',
  severity: 'warning',
  about: 'A README without a `kraft run` line in a fenced block.',
  of: 'readme',
  *check({ entry, source: { file }, runs }) {
    if (headingsFor(entry) === null || runs.length > 0) return;
    yield { file, range: { start: 0, end: 0 }, message: 'the README shows no kraft run line' };
  },
};
