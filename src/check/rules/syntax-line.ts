import type { Rule } from '../rule.ts';

export const syntaxLine: Rule = {
  code: 'syntax-line',
  severity: 'note',
  about: 'A `# syntax` line: each build then fetches a frontend from a registry.',
  of: 'dockerfile',
  *check({ source: { file }, dockerfile }) {
    for (const { name, value, range } of dockerfile?.directives ?? []) {
      if (name !== 'syntax') continue;
      const message = `the frontend ${value} is fetched at each build, which fails where there is no registry`;
      yield { file, range, message };
    }
  },
};
