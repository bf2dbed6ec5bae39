import type { Rule } from '../rule.ts';

export const dockerignoreInvalid: Rule = {
  code: 'dockerignore-invalid',
  severity: 'error',
  about: 'A pattern of `.dockerignore` that Docker refuses.',
  of: 'dockerfile',
  *check({ badIgnoreFile }) {
    if (badIgnoreFile === null) return;
    const { file } = badIgnoreFile.source;
    for (const { message, range } of badIgnoreFile.mistakes) yield { file, range, message };
  },
};
