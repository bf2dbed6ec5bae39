import type { Rule } from '../rule.ts';

export const workflowInvalid: Rule = {
  code: 'workflow-invalid',
  severity: 'error',
  about: 'A workflow that is not valid YAML.',
  of: 'entry',
  *check({ workflow }) {
    for (const { message, range } of workflow?.mistakes ?? [])
      yield { file: workflow?.source.file ?? '', range, message };
  },
};
