import type { Rule } from '../rule.ts';

export const configInvalid: Rule = {
  code: 'config-invalid',
  severity: 'error',
  about: 'A mistake in `kraft-slim.yaml`.',
  of: 'entry',
  *check({ config }) {
    if (config === null) return;
    for (const { message, range } of config.mistakes) yield { file: config.source.file, range, message };
  },
};
