import { STANDARD_NAMES } from '../../kraftfile/find-kraftfile.ts';
import { pathIn } from '../entry.ts';
import type { Rule } from '../rule.ts';

export const kraftfileAmbiguous: Rule = {
  code: 'kraftfile-ambiguous',
  severity: 'error',
  about: 'Two Kraftfiles with standard names in one directory: kraft refuses to choose.',
  of: 'entry',
  *check(entry) {
    const [first, ...more] = STANDARD_NAMES.filter((name) => entry.names.has(name));
    for (const name of more) {
      const message = `kraft cannot choose between ${first} and ${name}: remove one`;
      yield { file: pathIn(entry, name), range: null, message };
    }
  },
};
