import type { SourcePresence } from '../dockerfile.ts';
import type { Rule } from '../rule.ts';

const WHY: Readonly<Record<Exclude<SourcePresence, 'sent' | 'made'>, string>> = {
  hidden: '.dockerignore hides it',
  dangling: 'it is a link to a missing file of the build context',
  absent: 'it is not in the build context',
};

export const copySourceMissing: Rule = {
  code: 'copy-source-missing',
  severity: 'error',
  about: 'A COPY of a file that is not in the build context, or that `.dockerignore` hides.',
  of: 'dockerfile',
  *check({ source: { file }, stages, sources }) {
    for (const { instruction, copy } of stages.flatMap(({ instructions }) => instructions)) {
      if (copy === null || (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD')) continue;
      if (instruction.from !== null) continue;
      for (const [at, source] of copy.sources.entries()) {
        const is = sources.get(source);
        if (is === undefined || is === 'sent' || is === 'made') continue;
        const why = WHY[is];
        const range = instruction.sources[at]?.range ?? instruction.range;
        yield { file, range, message: `cannot ${instruction.keyword} ${source}: ${why}` };
      }
    }
  },
};
