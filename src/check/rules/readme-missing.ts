import { pathIn } from '../entry.ts';
import type { Rule } from '../rule.ts';

export const readmeMissing: Rule = {
  code: 'readme-missing',
  severity: 'warning',
  about: 'An entry without a README.md: only the README describes how to use an entry.',
  of: 'entry',
  *check(entry) {
    if (entry.folder === null || entry.folder === 'tests' || entry.names.has('README.md')) return;
    // several small entries may share the one above
    const above = entry.name.slice(0, entry.name.lastIndexOf('/'));
    if (above.includes('/') && entry.frame.holds(`${above}/README.md`)) return;
    const other = [...entry.names].find((name) => /^readme\.(?:md|markdown)$/i.test(name));
    const message =
      other === undefined
        ? 'there is no README.md that says how the app is run and used'
        : `the README is called ${other}, where the catalog has README.md`;
    yield { file: pathIn(entry, other ?? 'README.md'), range: null, message };
  },
};
