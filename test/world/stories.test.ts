import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAILURE_CODES } from '../../src/shared/failure.ts';
import { buildElf } from '../support/elf-builder.ts';
import { git } from '../support/git.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { BASE, PROGRAMS } from './base.ts';
import { check } from './check.ts';
import { AGAIN } from './stories/again.ts';
import { ASSEMBLED } from './stories/assembled.ts';
import { FAILURES } from './stories/failures.ts';
import { KEPT } from './stories/kept.ts';
import { OTHERS } from './stories/others.ts';
import { SEARCHED } from './stories/searched.ts';
import { SETTLED } from './stories/settled.ts';
import { WARNED } from './stories/warned.ts';
import { WORKLOADS } from './stories/workloads.ts';
import { layOut, type Played, play, type Story } from './story.ts';

/** `KRAFT_SLIM_STORY` is a regular expression for the titles of the stories to play; by default all. */
const ONLY = new RegExp(process.env.KRAFT_SLIM_STORY ?? '');

const ALL: readonly Story[] = [
  ...KEPT,
  ...ASSEMBLED,
  ...FAILURES,
  ...WARNED,
  ...SETTLED,
  ...AGAIN,
  ...SEARCHED,
  ...OTHERS,
  ...WORKLOADS,
];

const STORIES = ALL.filter(({ title }) => ONLY.test(title));

/** So many stories run at once: most of their time they wait. */
const AT_ONCE = 40;

const played = new Map<Story, readonly Played[] | Error>();
let directory: TemporaryDirectory;

beforeAll(async () => {
  directory = await temporaryDirectory();
  const strace = join(directory.path, 'strace');
  writeFileSync(strace, buildElf({ dynamic: false }), { mode: 0o755 });
  process.env.KRAFT_SLIM_STRACE = strace;
  process.env.KRAFT_SLIM_BUSYBOX = strace;
  const catalogs = join(directory.path, 'catalogs');
  const catalogOf = (story: Story) => join(catalogs, String(STORIES.indexOf(story)));
  mkdirSync(catalogs);
  for (const story of STORIES) layOut(story, catalogOf(story));
  await git(catalogs, 'init', '--quiet');
  await git(catalogs, 'add', '--all');
  await git(catalogs, 'commit', '--quiet', '--message', 'stories');
  const waiting = [...STORIES];
  const work = async () => {
    for (let story = waiting.shift(); story !== undefined; story = waiting.shift()) {
      const whole = { ...story, programs: { ...PROGRAMS, ...story.programs } };
      played.set(story, await play(whole, catalogOf(story), BASE).catch((error: Error) => error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}, 600_000);

afterAll(async () => {
  delete process.env.KRAFT_SLIM_STRACE;
  delete process.env.KRAFT_SLIM_BUSYBOX;
  await directory[Symbol.asyncDispose]();
});

describe('a story ends as it is written', () => {
  test.each(STORIES.map((story) => [story.title, story] as const))('%s', (_, story) => {
    const acts = played.get(story);
    if (acts === undefined || acts instanceof Error) throw acts ?? new Error('the story did not run');
    for (const act of acts) check(act);
  });
});

/** What no story can end with. */
const NO_STORY: readonly string[] = [
  // no run boots yet
  'boot-failed',
  // the networks of a world are no containers, so that nothing of them can be left
  'not-tidied',
];

describe('the stories are whole', () => {
  const acts = ALL.flatMap((story) => [story, ...(story.next ?? [])]);

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
    expect(new Set(ALL.map(({ title }) => title)).size).toBe(ALL.length);
  });
});
