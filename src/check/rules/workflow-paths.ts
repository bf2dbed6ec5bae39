import { matches } from '../../shared/glob.ts';
import type { Rule } from '../rule.ts';

export const workflowPaths: Rule = {
  code: 'workflow-paths',
  severity: 'warning',
  about: 'A workflow that does not start after a change of its entry or of the workflow file.',
  of: 'entry',
  *check(entry) {
    const { workflow } = entry;
    for (const { event, texts, range } of workflow?.paths ?? []) {
      const file = workflow?.source.file ?? '';
      for (const path of [`${entry.name}/Dockerfile`, file]) {
        if (texts.some(({ value }) => !value.startsWith('!') && matches(value, path))) continue;
        const what = path === file ? 'of the workflow itself' : `in ${entry.name}`;
        yield { file, range, message: `the paths of ${event} do not cover a change ${what}` };
      }
    }
  },
};
