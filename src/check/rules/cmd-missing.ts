import { isBareLoader } from '../../entry/unit.ts';
import type { Rule } from '../rule.ts';

export const cmdMissing: Rule = {
  code: 'cmd-missing',
  severity: 'warning',
  about: 'No `cmd` on the base runtime: its `/fallback` program then runs instead of the app.',
  of: 'kraftfile',
  *check({ source: { file }, kraftfile }) {
    if (kraftfile === null || (kraftfile.cmd?.argv.length ?? 0) > 0) return;
    const { runtime, rootfs } = kraftfile;
    if (runtime === null || rootfs.kind === 'absent' || !isBareLoader(kraftfile)) return;
    const message = `there is no cmd, so ${runtime.reference} runs its own /fallback and not what ${rootfs.path} holds`;
    yield { file, range: runtime.range, message };
  },
};
