import { imageRows } from '../image-table.ts';
import type { Rule } from '../rule.ts';

export const rowDuplicate: Rule = {
  code: 'row-duplicate',
  severity: 'warning',
  about: 'A library entry with two rows in the table of the catalog’s README.',
  of: 'catalog',
  *check({ frame: { readme } }) {
    if (readme === null) return;
    const { file } = readme;
    const seen = new Map<string, string>();
    for (const { directory, text, range, next } of imageRows(readme)) {
      const before = seen.get(directory);
      seen.set(directory, before ?? text);
      if (before === undefined) continue;
      const edits =
        before === text ? [{ file, range: { start: range.start, end: next }, replacement: '' }] : [];
      yield { file, range, message: `${directory} has a row already`, edits };
    }
  },
};
