import { readIgnoreRules } from '../../dockerfile/ignore-rules.ts';
import { UserError } from '../../shared/failure.ts';
import { addedLines } from '../added-lines.ts';
import { type Entry, pathIn } from '../entry.ts';
import type { Rule } from '../rule.ts';

export const dockerignoreLine: Rule = {
  code: 'dockerignore-line',
  severity: 'note',
  about: 'No .dockerignore line for the files that kraft leaves in an entry: each build then receives them.',
  of: 'entry',
  *check(entry) {
    const { dockerignore, names, kraftfiles, folder } = entry;
    const hasDockerfile = kraftfiles.some(
      ({ kraftfile, rootfs }) => kraftfile?.rootfs.kind === 'dockerfile' && rootfs?.is === 'file',
    );
    if (!hasDockerfile || (folder !== 'library' && folder !== 'examples')) return;
    if (dockerignore === null && names.has('.dockerignore')) return;
    const missing = unhidden(entry);
    if (missing.length === 0) return;
    const file = pathIn(entry, '.dockerignore');
    const message = `.dockerignore does not hide ${missing.join(' and ')}, which kraft leaves in the build context`;
    const edits = [addedLines(file, dockerignore, missing)];
    yield { file, range: dockerignore === null ? null : { start: 0, end: 0 }, message, edits };
  },
};

/** By the line that hides it, a path that kraft makes. */
const LEFTOVERS: Readonly<Record<string, string>> = {
  '/.unikraft/': '.unikraft/build',
  '/.config*': '.config.app_qemu-x86_64',
};

function unhidden({ dockerignore, kraftfiles }: Entry): string[] {
  const buildsKernel = kraftfiles.some(({ kraftfile }) => kraftfile?.unikraft != null);
  try {
    const rules = readIgnoreRules(dockerignore?.text ?? '');
    const lines = buildsKernel ? Object.keys(LEFTOVERS) : ['/.unikraft/'];
    return lines.filter((line) => !rules.ignores(LEFTOVERS[line] ?? ''));
  } catch (error) {
    // another rule reports it
    if (error instanceof UserError) return [];
    throw error;
  }
}
