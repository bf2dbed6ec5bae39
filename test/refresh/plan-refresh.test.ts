import { describe, expect, test } from 'vitest';
import { type PartialConfig, withDefaults } from '../../src/config/config-schema.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { baseKey } from '../../src/refresh/bases.ts';
import { moveVersion } from '../../src/refresh/move-version.ts';
import { planRefresh } from '../../src/refresh/plan-refresh.ts';
import { type Digest, showReference, showRepository } from '../../src/registry/image-reference.ts';
import { digestOf } from '../../src/registry/manifest.ts';
import type { Registry, ResolvedImage } from '../../src/registry/registry.ts';

/** The digest that a name stands for at first. */
const digest = (name: string): Digest => digestOf(Buffer.from(name));
const image = (name: string): ResolvedImage => ({ digest: digest(name), platform: digest(`${name} amd64`) });

/** A registry that has these tags; where `moved` names one, it stands for another image by now. */
function registryOf(
  tags: Readonly<Record<string, readonly string[]>>,
  moved: readonly string[] = [],
  ageDays: (name: string) => number | null = () => null,
): Registry {
  return {
    tags: async (repository) => tags[showRepository(repository)] ?? [],
    resolve: async (reference) => {
      const name = showReference(reference);
      return image(moved.includes(name) ? `${name} anew` : name);
    },
    describe: async (reference) => {
      const age = ageDays(showReference(reference));
      const created = age === null ? null : new Date(Date.now() - age * 86_400_000 - 1000);
      return { created, source: null, revision: null };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

type Case = {
  readonly entry?: string;
  readonly to?: string;
  readonly policy?: 'patch' | 'minor' | 'major';
  readonly isPolicyGiven?: boolean;
  readonly settings?: NonNullable<PartialConfig['refresh']>;
  readonly moved?: readonly string[];
  /** How old the image of a name is; null: it has no date. */
  readonly ageDays?: (name: string) => number | null;
  /** What was remembered; by default everything, as it is at first. */
  readonly known?: (name: string) => ResolvedImage | undefined;
  readonly has?: readonly string[];
};

const TAGS = {
  redis: [
    '7.0-bookworm',
    '7.2-bookworm',
    '7.4-bookworm',
    '8.0-bookworm',
    '7.0.15',
    '7.0.16',
    '7.0-trixie',
    '7.4-trixie',
  ],
  sparse: ['7.0', '7.3'],
  python: ['3.11', '3.12', '3.13', '3.11-slim', '3.12-slim'],
  debian: ['11', '12', '13', 'bookworm', 'trixie', 'bookworm-20240110', 'trixie-20240110'],
  node: ['21', '22', '24', '21-alpine', '22-alpine'],
  golang: ['1.21-bookworm', '1.25-bookworm', '1.26rc1-bookworm'],
  maven: ['3.9.5-eclipse-temurin-17', '3.9.9-eclipse-temurin-17', '3.9.9-eclipse-temurin-21'],
  'eclipse-temurin': ['17-jre', '21-jre', '17-jdk', '21-jdk'],
};

async function plan(dockerfile: string, options: Case = {}) {
  const {
    entry = 'library/redis/7.0',
    to = null,
    policy = 'minor',
    isPolicyGiven = false,
    settings = {},
    moved = [],
    ageDays,
    known = image,
    has = [],
  } = options;
  return await planRefresh({
    entry,
    dockerfile: parseDockerfile(dockerfile),
    registry: registryOf(TAGS, moved, ageDays),
    wish: { policy, to, isPolicyGiven },
    settings: withDefaults({ refresh: settings }).refresh,
    known: async (base) => known(baseKey(base)),
    has: (name) => has.includes(name),
  });
}

const FROM = 'FROM redis:7.0-bookworm AS build\n';

describe('the version of an entry', () => {
  test('leads to a new entry, in which every name has moved', async () => {
    const { action, images, pulls, bases } = await plan(FROM);
    if (action.kind !== 'make') throw new Error(action.kind);
    expect(action.entry).toBe('library/redis/7.4');
    expect(moveVersion(FROM, action.move)).toBe('FROM redis:7.4-bookworm AS build\n');
    expect(moveVersion('library-redis7.0.yaml library/redis/7.0', action.move)).toBe(
      'library-redis7.4.yaml library/redis/7.4',
    );
    expect(images).toEqual({ 'redis:7.4-bookworm': image('redis:7.4-bookworm') });
    expect(pulls.map(showReference)).toEqual(['redis:7.4-bookworm']);
    expect(bases).toEqual([
      { reference: 'redis:7.0-bookworm', digest: null, newer: '7.4-bookworm', beyond: null, stays: null },
    ]);
  });

  test('may be wished for', async () => {
    expect((await plan(FROM, { to: '7.2' })).action).toMatchObject({ entry: 'library/redis/7.2' });
    expect((await plan(FROM, { policy: 'major' })).action).toMatchObject({ entry: 'library/redis/8.0' });
    await expect(plan(FROM, { to: '9' })).rejects.toMatchObject({
      code: 'image-not-found',
      message: 'cannot move library/redis/7.0 to 9: there is no such tag beside redis:7.0-bookworm',
    });
    await expect(plan('FROM debian:12\n', { to: '13' })).rejects.toMatchObject({ code: 'usage' });
  });

  test('moves within the entry where its name is less precise', async () => {
    const { action } = await plan('FROM redis:7.0.15\n', { policy: 'patch' });
    if (action.kind !== 'redo' || action.move === null) throw new Error(action.kind);
    expect(moveVersion('FROM redis:7.0.15\n# Redis 7.0', action.move)).toBe('FROM redis:7.0.16\n# Redis 7.0');
  });

  test('goes no further than all the bases that have it', async () => {
    const two = 'FROM python:3.11 AS build\nFROM python:3.11-slim\n';
    const { action } = await plan(two, { entry: 'examples/flask-python3.11' });
    if (action.kind !== 'make') throw new Error(action.kind);
    expect(action.entry).toBe('examples/flask-python3.12');
    expect(moveVersion(two, action.move)).toBe('FROM python:3.12 AS build\nFROM python:3.12-slim\n');
  });

  test('is left alone where the newer entry is there', async () => {
    const { action } = await plan(FROM, { has: ['library/redis/7.4'] });
    expect(action).toEqual({ kind: 'nothing', there: 'library/redis/7.4', firstSeen: false });
  });
});

describe('the digest of a base', () => {
  test('that has changed is a reason to do the entry again', async () => {
    const { action, pulls } = await plan('FROM debian:bookworm\n', { moved: ['debian:bookworm'] });
    expect(action).toEqual({ kind: 'redo', move: null });
    expect(pulls.map(showReference)).toEqual(['debian:bookworm']);
  });

  test('of another platform alone is none', async () => {
    const known = (name: string) => ({ ...image(name), digest: digest('an older index') });
    expect((await plan('FROM debian:bookworm\n', { known })).action.kind).toBe('nothing');
  });

  test('that was not known is remembered', async () => {
    const { action, images } = await plan('FROM debian:bookworm\n', { known: () => undefined });
    expect(action).toEqual({ kind: 'nothing', there: null, firstSeen: true });
    expect(images).toEqual({ 'debian:bookworm': image('debian:bookworm') });
  });

  test('that is pinned moves in the file', async () => {
    const pinned = `FROM debian:bookworm@${digest('debian:bookworm')}\n`;
    expect((await plan(pinned)).action.kind).toBe('nothing');
    const { action } = await plan(pinned, { moved: ['debian:bookworm'] });
    if (action.kind !== 'redo' || action.move === null) throw new Error(action.kind);
    expect(moveVersion(pinned, action.move)).toBe(`FROM debian:bookworm@${digest('debian:bookworm anew')}\n`);
  });

  test('that is pinned moves with the version', async () => {
    const pinned = `FROM redis:7.0-bookworm@${digest('redis:7.0-bookworm')}\n`;
    const { action } = await plan(pinned);
    if (action.kind !== 'make') throw new Error(action.kind);
    expect(moveVersion(pinned, action.move)).toBe(
      `FROM redis:7.4-bookworm@${digest('redis:7.4-bookworm')}\n`,
    );
  });
});

describe('an entry whose name differs from that of its image', () => {
  test('moves behind every name of the thing', async () => {
    const text = 'FROM node:21 AS build\nFROM node:21-alpine\n# nodejs21 on Node.js 21\n';
    const { action } = await plan(text, { entry: 'examples/httpserver-nodejs21', policy: 'major' });
    if (action.kind !== 'make') throw new Error(action.kind);
    expect(action.entry).toBe('examples/httpserver-nodejs22');
    expect(moveVersion(text, action.move)).toBe(text.replaceAll('21', '22'));
  });

  test('moves no word of another base that stays', async () => {
    const text = 'FROM maven:3.9.5-eclipse-temurin-17 AS build\nFROM eclipse-temurin:17-jre\n# Java 17\n';
    const { action, pulls } = await plan(text, { entry: 'examples/spring-java17', policy: 'major' });
    if (action.kind !== 'make') throw new Error(action.kind);
    expect(action.entry).toBe('examples/spring-java21');
    expect(moveVersion(text, action.move)).toBe(
      'FROM maven:3.9.5-eclipse-temurin-17 AS build\nFROM eclipse-temurin:21-jre\n# Java 21\n',
    );
    expect(pulls.map(showReference)).toEqual(['maven:3.9.5-eclipse-temurin-17', 'eclipse-temurin:21-jre']);
  });
});

describe('what stays has a reason:', () => {
  test.each<[string, Case & { dockerfile: string }, (string | null)[]]>([
    ['the newest', { dockerfile: 'FROM redis:8.0-bookworm\n', entry: 'library/redis/8.0' }, ['newest']],
    ['the policy', { dockerfile: FROM, policy: 'patch' }, ['policy 8.0-bookworm']],
    [
      'a pre-release',
      { dockerfile: 'FROM golang:1.25-bookworm\n', entry: 'examples/a-go1.25' },
      ['pre-release 1.26rc1-bookworm'],
    ],
    [
      'other words, and no version',
      { dockerfile: 'FROM maven:3.9.9-eclipse-temurin-17\nFROM debian:bookworm\n' },
      ['newest', 'no-version'],
    ],
    ['the entry is there', { dockerfile: FROM, has: ['library/redis/7.4'] }, ['made 7.4-bookworm']],
    [
      'another base of the same version is the newest',
      { dockerfile: 'FROM python:3.12\nFROM python:3.12-slim\n', entry: 'examples/a-python3.12' },
      ['held 3.13', 'newest'],
    ],
    [
      'another base has no tag of that version',
      { dockerfile: 'FROM redis:7.0-bookworm\nFROM sparse:7.0\n' },
      ['held 7.4-bookworm', 'held 7.3'],
    ],
  ])('%s', async (_, { dockerfile, ...options }, expected) => {
    const { action, bases } = await plan(dockerfile, options);
    expect(action.kind).toBe('nothing');
    expect(bases.map(({ stays }) => (stays?.tag == null ? stays?.why : `${stays.why} ${stays.tag}`))).toEqual(
      expected,
    );
  });
});

describe('settings', () => {
  test.each<[string, Case, string]>([
    ['ignore a version', { settings: { images: { redis: { ignore: ['7.4'] } } } }, 'library/redis/7.2'],
    [
      'ignore tags by a glob',
      { settings: { images: { redis: { ignore: ['7.4-*'] } } } },
      'library/redis/7.2',
    ],
    ['allow versions', { settings: { images: { redis: { allow: ['7.2'] } } } }, 'library/redis/7.2'],
    ['of other images do not count', { settings: { images: { 'x/*': { allow: [] } } } }, 'library/redis/7.4'],
    [
      'give the policy of an image',
      { settings: { images: { 'r*': { policy: 'major' } } } },
      'library/redis/8.0',
    ],
    ['give the policy of all', { settings: { policy: 'major' } }, 'library/redis/8.0'],
    [
      'of the image go before those of all',
      { settings: { policy: 'major', images: { redis: { policy: 'minor' } } } },
      'library/redis/7.4',
    ],
    [
      'of the last glob go before others, key by key',
      { settings: { images: { '*': { policy: 'patch', ignore: ['8'] }, redis: { policy: 'major' } } } },
      'library/redis/7.4',
    ],
    [
      'yield to the command line',
      { settings: { policy: 'major' }, isPolicyGiven: true },
      'library/redis/7.4',
    ],
    [
      'exclude nothing that the user names',
      { settings: { images: { redis: { ignore: ['7'] } } }, to: '7.2' },
      'library/redis/7.2',
    ],
  ])('%s', async (_, options, expected) => {
    expect((await plan(FROM, options)).action).toMatchObject({ entry: expected });
  });

  test('that exclude all newer tags are the reason', async () => {
    const { action, bases } = await plan(FROM, { settings: { images: { redis: { allow: ['6'] } } } });
    expect(action.kind).toBe('nothing');
    expect(bases[0]?.stays).toEqual({ why: 'ignored', tag: '7.4-bookworm' });
  });

  test('of a base hold the others of the same version', async () => {
    const two = 'FROM python:3.11 AS build\nFROM python:3.11-slim\n';
    const settings = { images: { python: { ignore: ['3.12'] } } };
    const { action, bases } = await plan(two, { entry: 'examples/flask-python3.11', settings });
    expect(action.kind).toBe('nothing');
    expect(bases.map(({ stays }) => stays)).toEqual([
      { why: 'held', tag: '3.13' },
      { why: 'ignored', tag: '3.12-slim' },
    ]);
  });
});

describe('a minimum age', () => {
  const ages = (name: string) => (name === 'redis:7.4-bookworm' ? 2 : 30);

  test('leads to the newest tag that is old enough', async () => {
    const settings = { minimumAgeDays: 3 };
    expect((await plan(FROM, { settings, ageDays: ages })).action).toMatchObject({
      entry: 'library/redis/7.2',
    });
    expect((await plan(FROM, { settings: { minimumAgeDays: 2 }, ageDays: ages })).action).toMatchObject({
      entry: 'library/redis/7.4',
    });
  });

  test('of an image goes before that of all', async () => {
    const settings = { minimumAgeDays: 90, images: { redis: { minimumAgeDays: 0 } } };
    expect((await plan(FROM, { settings })).action).toMatchObject({ entry: 'library/redis/7.4' });
  });

  test('that no tag has is the reason, also where images have no date', async () => {
    const { action, bases } = await plan(FROM, { settings: { minimumAgeDays: 3 } });
    expect(action.kind).toBe('nothing');
    expect(bases[0]?.stays).toEqual({ why: 'young', tag: '7.4-bookworm' });
  });

  test('does not hold for a version that the user names', async () => {
    const { action } = await plan(FROM, { settings: { minimumAgeDays: 3 }, to: '7.4', ageDays: ages });
    expect(action).toMatchObject({ entry: 'library/redis/7.4' });
  });
});

/** The text of a Dockerfile after a plan that stays in its entry; null where nothing is to be done. */
async function redone(dockerfile: string, options: Case): Promise<string | null> {
  const { action } = await plan(dockerfile, options);
  if (action.kind === 'make') throw new Error(`makes ${action.entry}`);
  return action.kind === 'redo' && action.move !== null ? moveVersion(dockerfile, action.move) : null;
}

describe('words in the settings', () => {
  const words = (image: string, word: string) => ({ images: { [image]: { words: [word] } } });

  test('move the distribution with the version', async () => {
    const { action } = await plan(FROM, { settings: words('redis', 'trixie') });
    if (action.kind !== 'make') throw new Error(action.kind);
    expect(action.entry).toBe('library/redis/7.4');
    expect(moveVersion(FROM, action.move)).toBe('FROM redis:7.4-trixie AS build\n');
  });

  test('move the distribution of a version that stays', async () => {
    const settings = { images: { redis: { words: ['trixie'], ignore: ['7.2', '7.4'] } } };
    expect(await redone(FROM, { settings })).toBe('FROM redis:7.0-trixie AS build\n');
  });

  test('that no tag has change nothing', async () => {
    const { action } = await plan(FROM, { settings: words('redis', 'forky') });
    if (action.kind !== 'make') throw new Error(action.kind);
    expect(moveVersion(FROM, action.move)).toBe('FROM redis:7.4-bookworm AS build\n');
  });

  test('of another distribution change nothing', async () => {
    expect(await redone('FROM debian:bookworm\n', { settings: words('debian', 'noble') })).toBeNull();
  });

  test('move a code name without a version, and no other name that begins with it', async () => {
    const text = 'FROM debian:bookworm AS a\nFROM redis:7.0-bookworm AS b\nFROM debian:bookworm-20240110\n';
    const options = { entry: 'examples/app', settings: words('debian', 'trixie') };
    expect(await redone(text, options)).toBe(text.replace('debian:bookworm AS', 'debian:trixie AS'));
    expect(await redone(text, { entry: 'examples/app' })).toBeNull();
  });

  test('leave the version of a base alone that the entry is not named for', async () => {
    const settings = words('redis', 'trixie');
    expect(await redone(FROM, { entry: 'examples/app', settings })).toBe('FROM redis:7.0-trixie AS build\n');
  });
});

describe('inPlace in the settings', () => {
  const settings = { images: { redis: { inPlace: true } } };

  test('moves a base that the entry is not named for, with its pin', async () => {
    const pinned = `FROM redis:7.0-bookworm@${digest('redis:7.0-bookworm')} AS build\n# Redis 7.0\n`;
    expect(await redone(pinned, { entry: 'examples/app', settings })).toBe(
      `FROM redis:7.4-bookworm@${digest('redis:7.4-bookworm')} AS build\n# Redis 7.0\n`,
    );
    const { bases } = await plan(pinned, { entry: 'examples/app', settings });
    expect(bases).toMatchObject([{ newer: '7.4-bookworm', stays: null }]);
  });

  test('moves it along where another base makes a new entry', async () => {
    const text = 'FROM python:3.11\nFROM redis:7.0-bookworm\n';
    const { action } = await plan(text, { entry: 'examples/app-python3.11', settings });
    if (action.kind !== 'make') throw new Error(action.kind);
    expect(moveVersion(text, action.move)).toBe('FROM python:3.13\nFROM redis:7.4-bookworm\n');
  });
});

test('a wish may name another distribution', async () => {
  const { action } = await plan(FROM, { to: '7.4-trixie' });
  if (action.kind !== 'make') throw new Error(action.kind);
  expect(moveVersion(FROM, action.move)).toBe('FROM redis:7.4-trixie AS build\n');
  const here = await plan(FROM, { to: '7.0-trixie' });
  if (here.action.kind !== 'redo' || here.action.move === null) throw new Error(here.action.kind);
  expect(moveVersion(FROM, here.action.move)).toBe('FROM redis:7.0-trixie AS build\n');
});

test('a newer version of a base that the entry is not named for is reported, and no more', async () => {
  const { action, bases } = await plan('FROM debian:12\n', { policy: 'major' });
  expect(action.kind).toBe('nothing');
  expect(bases).toEqual([
    {
      reference: 'debian:12',
      digest: digest('debian:12'),
      newer: '13',
      beyond: null,
      stays: { why: 'not-named', tag: '13' },
    },
  ]);
});

test('what is named by its digest alone is meant to stay', async () => {
  const { action, bases } = await plan(`FROM debian@${digest('x')}\nCOPY --from=debian:bookworm /a /a\n`);
  expect(action.kind).toBe('nothing');
  expect(bases.map(({ reference }) => reference)).toEqual(['debian:bookworm']);
});

test('an entry on nothing is left alone', async () => {
  expect((await plan('FROM scratch\n')).action.kind).toBe('nothing');
});
