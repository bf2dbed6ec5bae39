import { readerWarnings } from '../reader-warnings.ts';
import type { Rule } from '../rule.ts';

export const kraftfileReplacedKey: Rule = {
  code: 'kraftfile-replaced-key',
  severity: 'warning',
  about: 'A key below the top level that occurs twice with different values: kraft uses the last.',
  of: 'kraftfile',
  check: (kraftfile) => readerWarnings(kraftfile, 'kraftfile-replaced-key'),
};
