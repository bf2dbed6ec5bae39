import { isKraftfileName } from '../../kraftfile/find-kraftfile.ts';
import { pathIn } from '../entry.ts';
import type { Rule } from '../rule.ts';

export const kraftfileAbsent: Rule = {
  code: 'kraftfile-absent',
  severity: 'warning',
  about:
    'An entry with a Dockerfile and no Kraftfile: `kraft-slim` writes a Kraftfile when it slims the entry.',
  of: 'entry',
  *check(entry) {
    if ([...entry.names].some(isKraftfileName)) return;
    const message =
      'there is no Kraftfile beside the Dockerfile: kraft-slim writes one when it slims the entry';
    yield { file: pathIn(entry, 'Dockerfile'), range: null, message };
  },
};
