import type { Rule } from '../rule.ts';

export const fromAsCase: Rule = {
  code: 'from-as-case',
  severity: 'note',
  about: 'A lower-case `as` in a FROM, where the catalog writes `AS`.',
  of: 'dockerfile',
  *check({ source: { file, text }, dockerfile }) {
    for (const { fromInstruction } of dockerfile?.stages ?? []) {
      const { base, name } = fromInstruction;
      if (name === null) continue;
      const between = text.slice(base.range.end, name.range.start);
      const written = /\bas\b/i.exec(between);
      if (written === null || written[0] === 'AS') continue;
      const start = base.range.end + written.index;
      const range = { start, end: start + 2 };
      const message = `the keyword is written ${written[0]}: the catalog writes AS`;
      yield { file, range, message, edits: [{ file, range, replacement: 'AS' }] };
    }
  },
};
