import { readerWarnings } from '../reader-warnings.ts';
import type { Rule } from '../rule.ts';

export const kraftfileUnknownKey: Rule = {
  code: 'kraftfile-unknown-key',
  severity: 'warning',
  about: 'A key that kraft accepts and ignores.',
  of: 'kraftfile',
  check: (kraftfile) => readerWarnings(kraftfile, 'kraftfile-unknown-key'),
};
