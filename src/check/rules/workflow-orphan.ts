import { workflowNameOf } from '../../catalog/entry-files.ts';
import type { Rule } from '../rule.ts';

export const workflowOrphan: Rule = {
  code: 'workflow-orphan',
  severity: 'warning',
  about: 'A workflow `library-*.yaml` without a library entry.',
  of: 'catalog',
  *check({ frame: { workflows, library } }) {
    const known = new Set(library.map(workflowNameOf));
    for (const [name, { file }] of workflows ?? []) {
      if (!name.startsWith('library-') || known.has(name)) continue;
      yield { file, range: { start: 0, end: 0 }, message: `${name} is the workflow of no library entry` };
    }
  },
};
