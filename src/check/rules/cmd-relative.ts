import { isBareLoader } from '../../entry/unit.ts';
import type { Rule } from '../rule.ts';

export const cmdRelative: Rule = {
  code: 'cmd-relative',
  severity: 'warning',
  about: 'A `cmd` whose program is not an absolute path: Unikraft starts no shell that could find it.',
  of: 'kraftfile',
  *check({ source: { file }, kraftfile }) {
    const [program] = kraftfile?.cmd?.argv ?? [];
    if (kraftfile?.cmd == null || program === undefined || program.startsWith('/')) return;
    const isTemplate = kraftfile.template?.source?.includes('elfloader') === true;
    const isComplete = kraftfile.runtime !== null && kraftfile.rootfs.kind !== 'absent';
    if (!isTemplate && !(isComplete && isBareLoader(kraftfile))) return;
    const message = `cmd starts ${JSON.stringify(program)}, which is no absolute path: name the program by its place`;
    yield { file, range: kraftfile.cmd.range, message };
  },
};
