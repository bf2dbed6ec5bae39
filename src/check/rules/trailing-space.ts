import { looseEnds } from '../loose-ends.ts';
import type { Rule } from '../rule.ts';

export const trailingSpace: Rule = {
  code: 'trailing-space',
  severity: 'note',
  about: 'White space at the end of lines, where it has no meaning.',
  of: 'text',
  *check(subject) {
    const { file, source, style } = subject;
    if (source === null || !style.trimsTrailingSpace) return;
    const { ends, isSafe } = looseEnds(source, subject.format);
    const [first] = ends;
    if (first === undefined) return;
    const message =
      ends.length === 1 ? 'the line ends in white space' : `${ends.length} lines end in white space`;
    const edits = isSafe ? ends.map((range) => ({ file, range, replacement: '' })) : [];
    yield { file, range: first, message, edits };
  },
};
