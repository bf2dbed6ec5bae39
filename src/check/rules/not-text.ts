import type { Rule } from '../rule.ts';

export const notText: Rule = {
  code: 'not-text',
  severity: 'error',
  about: 'A Kraftfile, Dockerfile, README or workflow that is not UTF-8 text, or too large for one.',
  of: 'text',
  *check({ file, unreadable }) {
    if (unreadable !== null) yield { file, range: null, message: `cannot read ${file}: ${unreadable}` };
  },
};
