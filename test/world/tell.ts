import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildElf } from '../support/elf-builder.ts';
import { git } from '../support/git.ts';
import {
  fastDirectory,
  type TemporaryDirectory,
  temporaryDirectory,
} from '../support/temporary-directory.ts';
import { BASE, PROGRAMS } from './base.ts';
import { check } from './check.ts';
import { ledgerOf } from './ledger.ts';
import { layOut, type Played, play, type Story } from './story.ts';

/** `KRAFT_SLIM_STORY` is a regular expression for the titles of the stories to play; by default all. */
const ONLY = new RegExp(process.env.KRAFT_SLIM_STORY ?? '');

const { TMPDIR } = process.env;

/** So many stories run at once: most of their time they wait. */
const AT_ONCE = 40;

/** Plays stories, many at once, and has a test for the end of each. */
export function tell(all: readonly Story[]): void {
  const stories = all.filter(({ title }) => ONLY.test(title));
  const played = new Map<Story, readonly Played[] | Error>();
  let directory: TemporaryDirectory;

  beforeAll(async () => {
    directory = await temporaryDirectory(fastDirectory());
    process.env.TMPDIR = directory.path;
    const strace = join(directory.path, 'strace');
    writeFileSync(strace, buildElf({ dynamic: false }), { mode: 0o755 });
    process.env.KRAFT_SLIM_STRACE = strace;
    process.env.KRAFT_SLIM_BUSYBOX = strace;
    const catalogOf = await layOutAll(stories, directory.path);
    const waiting = [...stories];
    const work = async () => {
      for (let story = waiting.shift(); story !== undefined; story = waiting.shift()) {
        const whole = { ...story, programs: { ...PROGRAMS, ...story.programs } };
        played.set(story, await play(whole, catalogOf(story), BASE).catch((error: Error) => error));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }, 600_000);

  afterAll(async () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    delete process.env.KRAFT_SLIM_STRACE;
    delete process.env.KRAFT_SLIM_BUSYBOX;
    await directory[Symbol.asyncDispose]();
  });

  describe('a story ends as it is written', () => {
    test.each(stories.map((story) => [story.title, story] as const))('%s', (_, story) => {
      const acts = played.get(story);
      if (acts === undefined || acts instanceof Error) throw acts ?? new Error('the story did not run');
      for (const act of acts) check(act);
      expect(acts.map(ledgerOf).join('\n=== then\n')).toMatchSnapshot();
    });
  });
}

/** Writes the catalog of each story; those that want git share one work tree. */
async function layOutAll(stories: readonly Story[], directory: string): Promise<(story: Story) => string> {
  const inGit = join(directory, 'in-git');
  const catalogOf = (story: Story) =>
    join(story.git ? inGit : directory, String(stories.indexOf(story)), 'catalog');
  mkdirSync(inGit);
  for (const story of stories) layOut(story, catalogOf(story));
  await git(inGit, 'init', '--quiet');
  await git(inGit, 'add', '--all');
  await git(inGit, 'commit', '--quiet', '--allow-empty', '--message', 'stories');
  return catalogOf;
}
