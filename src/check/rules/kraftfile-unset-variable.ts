import { readerWarnings } from '../reader-warnings.ts';
import type { Rule } from '../rule.ts';

export const kraftfileUnsetVariable: Rule = {
  code: 'kraftfile-unset-variable',
  severity: 'error',
  about: 'A variable `$X` that is not set: kraft stops with an error.',
  of: 'kraftfile',
  check: (kraftfile) => readerWarnings(kraftfile, 'kraftfile-unset-variable'),
};
