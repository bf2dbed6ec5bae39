import { join } from 'node:path/posix';
import type { Result } from '../slim/result.ts';

/**
 * What failed as workflow commands, which GitHub shows beside the files of a pull request.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 * @param place of the catalog's root in the repository, `.` for its top.
 */
export function annotationsOf(results: readonly Result[], place: string): string[] {
  return results.flatMap(({ entry, status, code, reason, launches }) => {
    if (status !== 'failed') return [];
    const file = FILE_OF[code ?? ''] ?? 'Dockerfile';
    const named = file === 'Kraftfile' ? (launches[0]?.kraftfile ?? file) : file;
    const properties = `file=${property(join(place, entry, named))},title=${property(`kraft-slim: ${code}`)}`;
    return [`::error ${properties}::${data(`${entry}: ${reason ?? code}`)}`];
  });
}

/** Where a failure is to be mended, if not in the Dockerfile. */
const FILE_OF: Readonly<Record<string, string>> = {
  'kraftfile-missing': 'Kraftfile',
  'kraftfile-ambiguous': 'Kraftfile',
  'kraftfile-invalid': 'Kraftfile',
  'rootfs-missing': 'Kraftfile',
  'cmd-not-found': 'Kraftfile',
  'config-invalid': 'kraft-slim.yaml',
  'workload-failed': 'README.md',
};

/** As actions/toolkit escapes them, packages/core/src/command.ts. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
