import { pathIn } from '../entry.ts';
import type { Rule } from '../rule.ts';

export const objectFile: Rule = {
  code: 'object-file',
  severity: 'warning',
  about: 'A compiled file among the sources of an entry, such as `main.o`, which git does not ignore.',
  of: 'entry',
  *check(entry) {
    for (const name of entry.objects)
      yield {
        file: pathIn(entry, name),
        range: null,
        message: `${name} is output of a compiler: remove it, or let git ignore it`,
      };
  },
};
