import { groupBy } from '../../shared/group-by.ts';
import { pathIn } from '../entry.ts';
import type { Rule } from '../rule.ts';

export const objectFile: Rule = {
  code: 'object-file',
  severity: 'warning',
  about: 'A compiled file among the sources of an entry, such as `main.o`, which git does not ignore.',
  of: 'entry',
  *check(entry) {
    // a directory that somebody built in has many of them
    const directories = groupBy(entry.objects, (path) => path.slice(0, path.lastIndexOf('/') + 1));
    for (const [first = '', ...more] of directories.values()) {
      const rest = more.length === 0 ? '' : ` (and ${more.length} more beside it)`;
      yield {
        file: pathIn(entry, first),
        range: null,
        message: `${first}${rest} is output of a compiler: remove it, or let git ignore it`,
      };
    }
  },
};
