import { kconfigNames } from '../kconfig-names.ts';
import { renamedOption } from '../kernel-options.ts';
import type { Rule } from '../rule.ts';

export const kconfigRenamed: Rule = {
  code: 'kconfig-renamed',
  severity: 'warning',
  about: 'A kernel option under an old name: the kernel ignores it.',
  of: 'kraftfile',
  *check({ source: { file }, root }) {
    for (const { entry, map } of root === null ? [] : kconfigNames(root)) {
      const name = renamedOption(entry.key);
      if (name === undefined) continue;
      const range = entry.keyRange;
      const edits = map.entries.has(name) ? [] : [{ file, range, replacement: name }];
      yield { file, range, message: `the kernel calls ${entry.key} ${name}`, edits };
    }
  },
};
