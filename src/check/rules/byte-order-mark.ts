import type { Rule } from '../rule.ts';

export const byteOrderMark: Rule = {
  code: 'byte-order-mark',
  severity: 'warning',
  about: 'A byte order mark, although .editorconfig requires plain UTF-8.',
  of: 'text',
  *check({ file, source, style }) {
    if (style.byteOrderMark || source?.text.startsWith('\ufeff') !== true) return;
    const range = { start: 0, end: 1 };
    const edits = [{ file, range, replacement: '' }];
    yield { file, range: { start: 0, end: 0 }, message: 'the file begins with a byte order mark', edits };
  },
};
