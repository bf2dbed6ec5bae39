import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAILURE_CODES } from '../../src/shared/failure.ts';
import type { Story } from './story.ts';

const STORIES = join(import.meta.dirname, 'stories');

/** What no story can end with. */
const NO_STORY: readonly string[] = [
  // no run boots yet
  'boot-failed',
  // the networks of a world are no containers, so that nothing of them can be left
  'not-tidied',
];

/** Name and stories of each table; a file of stories may lend another what they start from. */
const tables = new Map<string, readonly Story[]>();
for (const name of readdirSync(STORIES))
  for (const [table, stories] of Object.entries<unknown>(await import(join(STORIES, name))))
    if (Array.isArray(stories)) tables.set(table, stories);
const all = [...tables.values()].flat();
const acts = all.flatMap((story) => [story, ...(story.next ?? [])]);

describe('the stories are whole', () => {
  test('every failure code is the end of a story', () => {
    const codes = new Set<string | undefined>(acts.map(({ ends }) => ends.code));
    expect(FAILURE_CODES.filter((code) => !codes.has(code) && !NO_STORY.includes(code))).toEqual([]);
  });

  test('every warning is in a story', async () => {
    const text = await readFile(join(import.meta.dirname, '../../docs/warnings.md'), 'utf8');
    const codes = [...text.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, code]) => code as string);
    const played = new Set<string>(acts.flatMap(({ ends }) => ends.warnings ?? []));
    expect(codes.length).toBeGreaterThan(50);
    expect(codes.filter((code) => !played.has(code) && !NO_STORY.includes(code))).toEqual([]);
  });

  test('no two stories have one title', () => {
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
  });

  test('a test plays each table of stories', async () => {
    const tests = ['stories-kept.test.ts', 'stories-written.test.ts'];
    const texts = await Promise.all(tests.map((name) => readFile(join(STORIES, '..', name), 'utf8')));
    expect([...tables.keys()].filter((table) => !texts.some((text) => text.includes(`...${table}`)))).toEqual(
      [],
    );
  });
});
