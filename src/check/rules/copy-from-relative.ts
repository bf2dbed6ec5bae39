import { imagePath, isWithin, ROOT } from '../../shared/image-path.ts';
import type { Rule } from '../rule.ts';

/** Directories of the root, as which a relative path of its author may be meant. */
const TOP = /^(?:\.\/)?(?:bin|boot|etc|home|lib\d*|media|mnt|opt|root|run|s?bin|srv|tmp|usr|var)(?:\/|$)/;

export const copyFromRelative: Rule = {
  code: 'copy-from-relative',
  severity: 'warning',
  about:
    'A relative source of `COPY --from`: Docker reads it from `/`, and not from the WORKDIR of that stage.',
  of: 'dockerfile',
  *check({ source: { file }, stages }) {
    for (const { instruction, copy } of stages.flatMap(({ instructions }) => instructions)) {
      if (copy === null || instruction.keyword !== 'COPY' || instruction.from?.kind !== 'stage') continue;
      const { stageIndex, raw } = instruction.from;
      const workdir = stages.find(({ stage }) => stage.index === stageIndex)?.workdir ?? ROOT;
      if (workdir === ROOT) continue;
      for (const [at, source] of copy.sources.entries()) {
        const path = source.replace(/^(?:\.\/+)+/, '');
        // the author writes the path from the root where it begins with the WORKDIR
        if (source.startsWith('/') || TOP.test(source) || isWithin(imagePath(path), workdir)) continue;
        const range = instruction.sources[at]?.range ?? instruction.range;
        const message = `Docker copies /${path}: WORKDIR of ${raw} is ${workdir}, write ${workdir}/${path}`;
        yield { file, range, message };
      }
    }
  },
};
