import { lineAt } from '../house-text.ts';
import type { Rule } from '../rule.ts';

export const kraftfileBlankLine: Rule = {
  code: 'kraftfile-blank-line',
  severity: 'note',
  about: 'Two top-level keys without a blank line between them.',
  of: 'kraftfile',
  *check({ source: { file, text }, root }) {
    const entries =
      root === null || root.flow ? [] : [...root.entries.values()].filter(({ merged }) => !merged);
    for (const [at, { key, keyRange }] of entries.slice(1).entries()) {
      const above = entries[at];
      if (above === undefined) continue;
      const line = lineAt(text, Math.max(above.valueRange.end, above.keyRange.end));
      const between = text.slice(line.end, lineAt(text, keyRange.start).start);
      if (line.next > keyRange.start || /\n[ \t]*\r?\n/.test(between)) continue;
      const newline = text.slice(line.end, line.next);
      const range = { start: line.next, end: line.next };
      const message = `${above.key} and ${key} have no blank line between them`;
      yield { file, range: keyRange, message, edits: [{ file, range, replacement: newline }] };
    }
  },
};
