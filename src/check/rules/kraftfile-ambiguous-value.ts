import { readerWarnings } from '../reader-warnings.ts';
import type { Rule } from '../rule.ts';

export const kraftfileAmbiguousValue: Rule = {
  code: 'kraftfile-ambiguous-value',
  severity: 'warning',
  about: 'A value that YAML reads differently from what it looks like.',
  of: 'kraftfile',
  check: (kraftfile) => readerWarnings(kraftfile, 'kraftfile-ambiguous-value'),
};
