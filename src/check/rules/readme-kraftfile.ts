import { posix } from 'node:path';
import { pathIn } from '../entry.ts';
import type { Rule } from '../rule.ts';

export const readmeKraftfile: Rule = {
  code: 'readme-kraftfile',
  severity: 'warning',
  about: 'A `kraft run -K` that names a missing Kraftfile.',
  of: 'readme',
  *check({ entry, source: { file }, runs }) {
    for (const { run, range } of runs) {
      if (run.kraftfile === null || posix.isAbsolute(run.kraftfile)) continue;
      const path = posix.join(pathIn(entry, '.'), run.kraftfile);
      if (!entry.frame.holds(path))
        yield { file, range, message: `kraft run names the Kraftfile ${run.kraftfile}, which is not there` };
    }
  },
};
