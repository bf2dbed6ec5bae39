import type { Rule } from '../rule.ts';

export const dockerfileInvalid: Rule = {
  code: 'dockerfile-invalid',
  severity: 'error',
  about: 'A Dockerfile that Docker refuses.',
  of: 'dockerfile',
  check: ({ source: { file }, mistakes }) => mistakes.map(({ message, range }) => ({ file, range, message })),
};
