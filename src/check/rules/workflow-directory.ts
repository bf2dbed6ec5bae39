import { posix } from 'node:path';
import type { Rule } from '../rule.ts';
import { rewritten } from '../workflow.ts';

export const workflowDirectory: Rule = {
  code: 'workflow-directory',
  severity: 'error',
  about: 'A workflow that builds a directory other than its entry.',
  of: 'entry',
  *check(entry) {
    const { workflow } = entry;
    if (workflow === null) return;
    const { source, workdirs } = workflow;
    for (const workdir of workdirs) {
      const { value, range } = workdir;
      if (value.includes('${{') || posix.normalize(value).replace(/\/$/, '') === entry.name) continue;
      const message = `the workflow builds ${value}, its entry is ${entry.name}`;
      yield { file: source.file, range, message, edits: rewritten(source, workdir, entry.name) };
    }
  },
};
