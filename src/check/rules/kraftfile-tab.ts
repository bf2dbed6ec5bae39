import { readerWarnings } from '../reader-warnings.ts';
import type { Rule } from '../rule.ts';

export const kraftfileTab: Rule = {
  code: 'kraftfile-tab',
  severity: 'warning',
  about: 'A tab that indents a line inside brackets: kraft accepts it, other YAML readers refuse it.',
  of: 'kraftfile',
  check: (kraftfile) => readerWarnings(kraftfile, 'kraftfile-tab'),
};
