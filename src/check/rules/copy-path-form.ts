import type { Rule } from '../rule.ts';

export const copyPathForm: Rule = {
  code: 'copy-path-form',
  severity: 'note',
  about: 'A COPY to a path that contains `..` or `//`: the file does not arrive where it seems.',
  of: 'dockerfile',
  *check({ source: { file }, stages }) {
    for (const { instruction, copy } of stages.flatMap(({ instructions }) => instructions)) {
      if (copy === null || (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD')) continue;
      const { text, range } = instruction.destination;
      if (!/\/\.\.(?:\/|$)|\/\//.test(text)) continue;
      yield { file, range, message: `the destination ${text} is ${copy.destination}: write it so` };
    }
  },
};
