import { readerWarnings } from '../reader-warnings.ts';
import type { Rule } from '../rule.ts';

export const kraftfileOldForm: Rule = {
  code: 'kraftfile-old-form',
  severity: 'warning',
  about: 'A key in a form that kraft refuses or is about to remove.',
  of: 'kraftfile',
  check: (kraftfile) => readerWarnings(kraftfile, 'kraftfile-old-form'),
};
