import type { Rule } from '../rule.ts';

export const kraftfileInvalid: Rule = {
  code: 'kraftfile-invalid',
  severity: 'error',
  about: 'A Kraftfile that is not YAML or not of its spec, v0.6 or v0.7: each mistake is one finding.',
  of: 'kraftfile',
  check: ({ source: { file }, mistakes }) => mistakes.map(({ message, range }) => ({ file, range, message })),
};
