import { readerWarnings } from '../reader-warnings.ts';
import type { Rule } from '../rule.ts';

export const kraftfileUnsetVariable: Rule = {
  code: 'kraftfile-unset-variable',
  severity: 'error',
  about: 'A `$X` that nobody has set: kraft breaks off.',
  of: 'kraftfile',
  check: (kraftfile) => readerWarnings(kraftfile, 'kraftfile-unset-variable'),
};
