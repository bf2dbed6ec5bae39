import { isBareLoader } from '../../entry/unit.ts';
import type { Rule } from '../rule.ts';

export const cmdScript: Rule = {
  code: 'cmd-script',
  severity: 'error',
  about: 'A `cmd` that starts a script: the loader starts only ELF programs, and reads no `#!` line.',
  of: 'dockerfile',
  *check({ kraftfiles, commands }) {
    for (const { source, kraftfile } of kraftfiles) {
      const [program = ''] = kraftfile?.cmd?.argv ?? [];
      const found = commands.get(program);
      if (kraftfile?.cmd == null || found === undefined) continue;
      const [, interpreter] = /^#!\s*(\S.*)$/.exec(found.firstLine.trimEnd()) ?? [];
      if (interpreter === undefined || !isBareLoader(kraftfile)) continue;
      const message = `cmd starts ${program}, the script ${found.contextPath} for ${interpreter}: Unikraft starts programs only`;
      yield { file: source.file, range: kraftfile.cmd.range, message };
    }
  },
};
