import { readerWarnings } from '../reader-warnings.ts';
import type { Rule } from '../rule.ts';

export const kraftfileCmdText: Rule = {
  code: 'kraftfile-cmd-text',
  severity: 'warning',
  about: 'A v0.6 `cmd` that is one text: kraft reads the whole text as one argument.',
  of: 'kraftfile',
  check: (kraftfile) => readerWarnings(kraftfile, 'kraftfile-cmd-text'),
};
