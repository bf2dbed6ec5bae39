import type { Rule } from '../rule.ts';

export const platformFixed: Rule = {
  code: 'platform-fixed',
  severity: 'note',
  about: 'A `FROM --platform` with a fixed value, which prevents a build for another architecture.',
  of: 'dockerfile',
  *check({ source: { file }, dockerfile }) {
    for (const { fromInstruction, from } of dockerfile?.stages ?? []) {
      const flag = fromInstruction.flags.find(({ name }) => name === 'platform');
      if (flag?.value == null || flag.value.includes('$')) continue;
      const message = `FROM ${from.raw} is fixed to ${flag.value}: remove --platform`;
      yield { file, range: flag.range, message };
    }
  },
};
