import { KEY_ORDER } from '../../kraftfile/splice-entry.ts';
import type { Rule } from '../rule.ts';

export const kraftfileKeyOrder: Rule = {
  code: 'kraftfile-key-order',
  severity: 'note',
  about: 'A top-level key in another position than in the other Kraftfiles of the catalog.',
  of: 'kraftfile',
  *check({ source: { file }, root }) {
    const known = [...(root?.entries.values() ?? [])].filter(({ key }) => KEY_ORDER.includes(key));
    for (const [at, { key, keyRange }] of known.entries()) {
      const before = known
        .slice(0, at)
        .find((entry) => KEY_ORDER.indexOf(entry.key) > KEY_ORDER.indexOf(key));
      if (before !== undefined)
        yield {
          file,
          range: keyRange,
          message: `${key} stands below ${before.key}: the catalog has it above`,
        };
    }
  },
};
