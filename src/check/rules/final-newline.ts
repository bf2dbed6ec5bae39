import type { Rule } from '../rule.ts';

export const finalNewline: Rule = {
  code: 'final-newline',
  severity: 'note',
  about: 'A last line without a line break.',
  of: 'text',
  *check({ file, source, style }) {
    const text = source?.text ?? '';
    if (!style.finalNewline || text === '' || text.endsWith('\n')) return;
    const range = { start: text.length, end: text.length };
    const replacement = text.includes('\r\n') ? '\r\n' : '\n';
    yield { file, range, message: 'the last line does not end', edits: [{ file, range, replacement }] };
  },
};
