import { kconfigNames } from '../kconfig-names.ts';
import { renamedOption } from '../kernel-options.ts';
import type { Rule } from '../rule.ts';

export const kconfigRenamed: Rule = {
  code: 'kconfig-renamed',
  severity: 'note',
  about: 'Kernel options under old names: the kernel ignores them. One finding for each Kraftfile.',
  of: 'kraftfile',
  *check({ source: { file }, root }) {
    const renamed = (root === null ? [] : kconfigNames(root)).flatMap(({ entry, map }) => {
      const name = renamedOption(entry.key);
      return name === undefined
        ? []
        : [{ key: entry.key, range: entry.keyRange, name, isFree: !map.entries.has(name) }];
    });
    const [first, ...more] = renamed;
    if (first === undefined) return;
    const edits = renamed
      .filter(({ isFree }) => isFree)
      .map(({ range, name }) => ({ file, range, replacement: name }));
    const others =
      more.length === 0 ? '' : `, and ${more.map(({ key }) => key).join(', ')} by other names too`;
    yield {
      file,
      range: first.range,
      message: `the kernel calls ${first.key} ${first.name}${others}`,
      edits,
    };
  },
};
