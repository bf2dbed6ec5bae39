import { headingsFor } from '../readme-headings.ts';
import type { Rule } from '../rule.ts';

export const readmeHeadingOrder: Rule = {
  code: 'readme-heading-order',
  severity: 'warning',
  about: 'README headings in another order than the catalog’s, at another level, or twice.',
  of: 'readme',
  *check({ entry, source: { file }, headings }) {
    const order = headingsFor(entry) ?? [];
    const known = headings.filter(({ text }) => order.includes(text));
    for (const [at, { text, level, range }] of known.entries()) {
      const earlier = known.slice(0, at);
      const later = earlier.find((heading) => order.indexOf(heading.text) > order.indexOf(text));
      const isTwice = earlier.some((heading) => heading.text === text);
      if (isTwice) yield { file, range, message: `the heading ${text} is there already` };
      else if (later !== undefined)
        yield {
          file,
          range,
          message: `the heading ${text} stands below ${later.text}: the catalog has it above`,
        };
      else if (level !== 2) {
        const edit = { file, range: { start: range.start, end: range.start + level }, replacement: '##' };
        yield { file, range, message: `the heading ${text} is of level ${level}, not 2`, edits: [edit] };
      }
    }
  },
};
