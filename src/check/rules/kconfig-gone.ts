import { kconfigNames } from '../kconfig-names.ts';
import { gaveUp } from '../kernel-options.ts';
import type { Rule } from '../rule.ts';

export const kconfigGone: Rule = {
  code: 'kconfig-gone',
  severity: 'note',
  about: 'A kernel option of a library that newer kernels do not have.',
  of: 'kraftfile',
  *check({ source: { file }, root }) {
    const gone = (root === null ? [] : kconfigNames(root)).filter(
      ({ entry }) => gaveUp(entry.key) !== undefined,
    );
    const [first] = gone;
    const lost = first && gaveUp(first.entry.key);
    if (first === undefined || lost === undefined) return;
    const { key, keyRange: range } = first.entry;
    const more = gone.length > 1 ? ` and ${gone.length - 1} more` : '';
    yield { file, range, message: `the kernel has no ${lost.library} since ${lost.since}: ${key}${more}` };
  },
};
