import { referenceOf } from '../../catalog/entry-files.ts';
import type { Rule } from '../rule.ts';
import { rewritten } from '../workflow.ts';

export const workflowImage: Rule = {
  code: 'workflow-image',
  severity: 'error',
  about: 'A workflow that publishes an image other than its entry’s.',
  of: 'entry',
  *check(entry) {
    const { workflow } = entry;
    if (workflow === null) return;
    const { source, outputs, image } = workflow;
    for (const output of outputs) {
      const { value, range } = output;
      const expected = value.replace(/[^/]*$/, referenceOf(image));
      if (value.includes('${{') || value === expected) continue;
      const message = `the workflow publishes ${value}, its entry is ${referenceOf(image)}`;
      yield { file: source.file, range, message, edits: rewritten(source, output, expected) };
    }
  },
};
