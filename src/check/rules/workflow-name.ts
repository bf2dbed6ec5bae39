import { referenceOf } from '../../catalog/entry-files.ts';
import type { Rule } from '../rule.ts';
import { rewritten } from '../workflow.ts';

export const workflowName: Rule = {
  code: 'workflow-name',
  severity: 'note',
  about: 'A workflow whose `name` is not `library/NAME:VERSION`.',
  of: 'entry',
  *check(entry) {
    const { workflow } = entry;
    if (workflow?.name == null) return;
    const { source, name, image } = workflow;
    const expected = `library/${referenceOf(image)}`;
    if (name.value === expected) return;
    const message = `the workflow is called ${name.value}, the entry's is ${expected}`;
    yield { file: source.file, range: name.range, message, edits: rewritten(source, name, expected) };
  },
};
