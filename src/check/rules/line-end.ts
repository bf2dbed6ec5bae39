import { linesOf } from '../house-text.ts';
import type { Rule } from '../rule.ts';

export const lineEnd: Rule = {
  code: 'line-end',
  severity: 'note',
  about: 'Lines with other line ends than .editorconfig requires.',
  of: 'text',
  *check({ file, source, format, style: { lineEnd: wanted } }) {
    if (source === null || wanted === null) return;
    const { text } = source;
    const wrong = linesOf(text).filter(({ end, next }) => next > end && text.slice(end, next) !== wanted);
    const [first] = wrong;
    if (first === undefined) return;
    const [found, required] = wanted === '\n' ? ['CR LF', 'LF'] : ['LF', 'CR LF'];
    const lines = wrong.length === 1 ? 'one line ends' : `${wrong.length} lines end`;
    // what a program prints may be among its sources
    const ends = format === 'source' ? [] : wrong;
    const edits = ends.map(({ end, next }) => ({
      file,
      range: { start: end, end: next },
      replacement: wanted,
    }));
    const range = { start: first.end, end: first.next };
    yield { file, range, message: `${lines} in ${found}, .editorconfig asks for ${required}`, edits };
  },
};
