import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { newerTag, type Policy, type Wish } from '../../src/refresh/newer-tag.ts';

/**
 * Rows of an image, its current tag, the tags of its registry, the wish and the right answer: a tag; or `-` where the
 * tag stays, with the reason and the newest excluded tag where the row holds these too.
 */
const rows = readFileSync(new URL('./tags.tsv', import.meta.url), 'utf8')
  .split('\n')
  .slice(1)
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t'));

function answer(current: string, tags: readonly string[], { image, wish }: { image: string; wish: string }) {
  const to = /^to (.*)$/.exec(wish)?.[1] ?? null;
  const asked: Wish = { policy: to === null ? (wish as Policy) : 'patch', to };
  const found = newerTag(current, tags, { ...asked, image });
  if (found.kind === 'newer') return found.tag.text;
  if (found.kind !== 'newest') return `- ${found.kind}`;
  return found.excluded === null ? '-' : `- ${found.excluded.by} ${found.excluded.tag.text}`;
}

describe('a row of the corpus', () => {
  test('has five columns', () => {
    expect(rows.filter((row) => row.length !== 5)).toEqual([]);
    expect(rows.length).toBeGreaterThan(150);
  });

  test.each(rows)(
    '%s:%s among %s by %s: %s',
    (image = '', current = '', list = '', wish = '', right = '') => {
      const tags = list.split(' ');
      const found = answer(current, tags, { image, wish });
      // a row that holds no reason is about the tag alone
      expect(right === '-' ? found.split(' ')[0] : found).toBe(right);
      expect(answer(current, tags.reverse(), { image, wish })).toBe(found);
    },
  );
});
