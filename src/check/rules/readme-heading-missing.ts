import { headingsFor } from '../readme-headings.ts';
import type { Rule } from '../rule.ts';

export const readmeHeadingMissing: Rule = {
  code: 'readme-heading-missing',
  severity: 'note',
  about: 'A README without one of the headings that the catalog gives its entries.',
  of: 'readme',
  *check({ entry, source: { file }, headings }) {
    const present = new Set(headings.map(({ text }) => text));
    const missing = headingsFor(entry)?.filter((heading) => !present.has(heading)) ?? [];
    if (missing.length === 0) return;
    const range = headings[0]?.range ?? { start: 0, end: 0 };
    yield { file, range, message: `the README has no heading ${missing.join(', ')}` };
  },
};
