import type { Rule } from '../rule.ts';

export const readmeVolumeFlag: Rule = {
  code: 'readme-volume-flag',
  severity: 'error',
  about:
    'A `HOST:GUEST` path in a `kraft run` line without the `-v` before it: kraft reads it as the project.',
  of: 'readme',
  *check({ source: { file }, runs }) {
    for (const { words, range } of runs) {
      const at = words.findIndex(
        (word, index) => /^[\w./-]+:\/[\w./-]*$/.test(word) && !/^-/.test(words[index - 1] ?? ''),
      );
      const word = words[at];
      if (word !== undefined && !word.includes('://'))
        yield { file, range, message: `kraft run takes ${word} for the project: write -v ${word}` };
    }
  },
};
