import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { discoverEntries } from '../../src/sweep/discover.ts';
import { catalogOf, type Files, fixtureCatalog } from '../support/catalog.ts';

const KRAFTFILE = 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/a"]\n';
const DOCKERFILE = 'FROM debian:bookworm\n';

async function namesIn(files: Files): Promise<[id: string, name: string, kind: string | null][]> {
  await using catalog = await catalogOf(files);
  const entries = await discoverEntries(catalog.path);
  return entries.map(({ id, name, class: kind }) => [id, name, kind]);
}

describe('the fixtures', () => {
  test('are each found once, with their classes and what they lie over', async () => {
    await using catalog = await fixtureCatalog();
    const entries = await discoverEntries(catalog.path);
    const readme = await readFile(join(catalog.path, 'README.md'), 'utf8');
    const listed = [...readme.matchAll(/\]\(((?:library|examples|native)\/[^)]+)\)/g)].map(
      ([, name]) => name,
    );
    expect(entries.map(({ name }) => name)).toEqual(expect.arrayContaining(listed));
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
    const classOf = new Map(entries.map((entry) => [entry.name, entry.class]));
    expect(classOf.get('library/nginx/1.22')).toBe('library');
    expect(classOf.get('examples/coreutils')).toBe('complete');
    expect(classOf.get('native/helloworld-c')).toBe('native');
    expect(entries.find(({ name }) => name === 'examples/express-node18')).toMatchObject({
      class: 'runtime-delta',
      runtime: 'library/node/18',
    });
  });
});

describe('an entry', () => {
  test('hides what its sources hold, another Kraftfile with a Dockerfile included', async () => {
    const files = {
      'examples/hugo/Kraftfile': KRAFTFILE,
      'examples/hugo/Dockerfile': DOCKERFILE,
      'examples/hugo/themes/ananke/Kraftfile': KRAFTFILE,
      'examples/hugo/themes/ananke/Dockerfile': DOCKERFILE,
    };
    expect(await namesIn(files)).toEqual([['examples/hugo/Dockerfile', 'examples/hugo', 'complete']]);
  });

  test('is one with all Kraftfiles of its Dockerfile, beside it or below', async () => {
    const beside = { 'examples/a/Kraftfile.ls': KRAFTFILE, 'examples/a/Kraftfile.wc': KRAFTFILE };
    expect(await namesIn({ ...beside, 'examples/a/Dockerfile': DOCKERFILE })).toEqual([
      ['examples/a/Dockerfile', 'examples/a', 'complete'],
    ]);
    const below = { 'tests/a/Kraftfile': KRAFTFILE, 'tests/b/Kraftfile': KRAFTFILE };
    expect(await namesIn({ ...below, 'tests/Kraftfile': '', 'tests/Dockerfile': DOCKERFILE })).toEqual([
      ['tests/Dockerfile', 'tests', 'complete'],
    ]);
  });

  test('of a second Dockerfile in the same directory is a separate unit', async () => {
    const files = {
      'examples/a/Kraftfile': KRAFTFILE,
      'examples/a/Dockerfile': DOCKERFILE,
      'examples/a/Kraftfile.two': KRAFTFILE.replace('./Dockerfile', './two.Dockerfile'),
      'examples/a/two.Dockerfile': DOCKERFILE,
    };
    expect(await namesIn(files)).toEqual([
      ['examples/a/Dockerfile', 'examples/a', 'complete'],
      ['examples/a/two.Dockerfile', 'examples/a', 'complete'],
    ]);
  });

  test('over another build context is a separate unit', async () => {
    const over = (path: string) =>
      `spec: v0.7\nruntime: base:latest\nrootfs: {source: {path: ${path}, dockerfile: Dockerfile}}\n`;
    const files = {
      'examples/a/Kraftfile': over('.'),
      'examples/a/Kraftfile.two': over('./sub'),
      'examples/a/Dockerfile': DOCKERFILE,
      'examples/a/sub/Dockerfile': DOCKERFILE,
    };
    const names = (await namesIn(files)).map(([, name]) => name);
    expect(names).toEqual(['examples/a', 'examples/a']);
  });

  test('that cannot be read is found all the same, once', async () => {
    const files = {
      'examples/a/Kraftfile.ls': 'spec: v9\n',
      'examples/a/Kraftfile.wc': 'spec: v9\n',
      'examples/b/Kraftfile': KRAFTFILE,
      'examples/b/kraft.yaml': KRAFTFILE,
      'examples/c/Kraftfile': KRAFTFILE,
      'examples/c/Dockerfile': DOCKERFILE,
    };
    expect(await namesIn(files)).toEqual([
      ['examples/a/Kraftfile.ls', 'examples/a', null],
      ['examples/b', 'examples/b', null],
      ['examples/c/Dockerfile', 'examples/c', 'complete'],
    ]);
  });

  test('in a hidden directory, or one of a package, is none', async () => {
    const files = { '.cache/a/Kraftfile': KRAFTFILE, 'examples/node_modules/b/Kraftfile': KRAFTFILE };
    expect(await namesIn(files)).toEqual([]);
  });
});
