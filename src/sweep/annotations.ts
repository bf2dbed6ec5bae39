import { join } from 'node:path/posix';
import type { Result } from '../slim/result.ts';
import { type WorkflowCommand, workflowCommand } from '../words/ci-log.ts';

/**
 * What failed as workflow commands, which GitHub shows beside the files of a pull request.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 * @param place of the catalog's root in the repository, `.` for its top.
 */
export function annotationsOf(results: readonly Result[], place: string): WorkflowCommand[] {
  return results.flatMap(({ entry, status, code, reason, launches }) => {
    if (status !== 'failed') return [];
    const file = FILE_OF[code ?? ''] ?? 'Dockerfile';
    const named = file === 'Kraftfile' ? (launches[0]?.kraftfile ?? file) : file;
    const properties = { file: join(place, entry, named), title: `kraft-slim: ${code}` };
    return [workflowCommand('error', properties, `${entry}: ${reason ?? code}`)];
  });
}

/** Where a failure is to be fixed, if not in the Dockerfile. */
const FILE_OF: Readonly<Record<string, string>> = {
  'kraftfile-missing': 'Kraftfile',
  'kraftfile-ambiguous': 'Kraftfile',
  'kraftfile-invalid': 'Kraftfile',
  'rootfs-missing': 'Kraftfile',
  'cmd-not-found': 'Kraftfile',
  'config-invalid': 'kraft-slim.yaml',
  'workload-failed': 'README.md',
};
