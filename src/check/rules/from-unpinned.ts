import type { Rule } from '../rule.ts';

export const fromUnpinned: Rule = {
  code: 'from-unpinned',
  severity: 'warning',
  about: 'A base image without a tag, or with `latest`: the next build may begin with another version.',
  of: 'dockerfile',
  *check({ source: { file }, dockerfile }) {
    for (const { from } of dockerfile?.stages ?? []) {
      if (from.kind !== 'image' || from.image.includes('@')) continue;
      const tag = /:([^/:]+)$/.exec(from.image)?.[1];
      if (tag !== undefined && tag !== 'latest') continue;
      const what = tag === undefined ? 'has no tag' : 'is whatever is the latest';
      yield { file, range: from.range, message: `the base image ${from.image} ${what}: name a version` };
    }
  },
};
