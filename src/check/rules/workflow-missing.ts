import { workflowNameOf } from '../../catalog/entry-files.ts';
import type { Rule } from '../rule.ts';

export const workflowMissing: Rule = {
  code: 'workflow-missing',
  severity: 'warning',
  about: 'A library entry that no workflow builds and publishes.',
  of: 'entry',
  *check({ image, frame: { workflows } }) {
    if (image === null || workflows === null || workflows.has(workflowNameOf(image))) return;
    const file = `.github/workflows/${workflowNameOf(image)}`;
    yield { file, range: null, message: `${image.directory} has no workflow ${workflowNameOf(image)}` };
  },
};
