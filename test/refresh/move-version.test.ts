import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moveVersion, type VersionMove } from '../../src/refresh/move-version.ts';

const REDIS: VersionMove = {
  version: { of: ['redis'], from: '7.0', to: '7.4' },
  names: [
    ['7.0.15-alpine3.18', '7.4.1-alpine3.20'],
    ['7.0.15', '7.4.1'],
  ],
};
const NODE: VersionMove = {
  version: { of: ['node'], from: '18', to: '20' },
  names: [
    ['18-bookworm', '20-bookworm'],
    ['18', '20'],
  ],
};

describe('the version moves in', () => {
  test.each([
    ['FROM redis:7.0.15-alpine3.18 AS build', 'FROM redis:7.4.1-alpine3.20 AS build'],
    ['ARG VERSION=7.0.15', 'ARG VERSION=7.4.1'],
    ['unikraft.org/redis:7.0', 'unikraft.org/redis:7.4'],
    ['library/redis/7.0/**', 'library/redis/7.4/**'],
    ['library-redis7.0.yaml', 'library-redis7.4.yaml'],
    ['# Redis 7.0', '# Redis 7.4'],
    ['This is Redis 7.0.', 'This is Redis 7.4.'],
    ['v7.0, (7.0) "7.0" 7.0-x', 'v7.4, (7.4) "7.4" 7.4-x'],
    ['/usr/lib/redis7.0/mod.so', '/usr/lib/redis7.4/mod.so'],
  ])('%s', (before, after) => {
    expect(moveVersion(before, REDIS)).toBe(after);
  });

  test.each(['7.0.16', '17.0', '0.7.0', '7.00', '127.0.0.1', '7.0.0.1', 'alpine3.18', '1.7.0-x'])(
    'and not in %s',
    (text) => {
      expect(moveVersion(text, REDIS)).toBe(text);
    },
  );
});

describe('a version of one part moves in', () => {
  test.each([
    ['FROM node:18-bookworm', 'FROM node:20-bookworm'],
    ['unikraft.org/node:18', 'unikraft.org/node:20'],
    ['library/node/18', 'library/node/20'],
    ['library-node18.yaml', 'library-node20.yaml'],
    ['# Node.js 18', '# Node.js 20'],
    ['ARG NODE_VERSION=18', 'ARG NODE_VERSION=20'],
    ['ENV VERSION="18"', 'ENV VERSION="20"'],
    ['deb.nodesource.com/node_18.x', 'deb.nodesource.com/node_20.x'],
  ])('%s', (before, after) => {
    expect(moveVersion(before, NODE)).toBe(after);
  });

  test.each(['-M 18M', '18 pages', 'node:18.19', 'listen 18', 'anode18', 'CONFIG_X: 18', 'node:180'])(
    'and not in %s',
    (text) => {
      expect(moveVersion(text, NODE)).toBe(text);
    },
  );
});

describe('a version of one part moves behind every name of the thing in', () => {
  const move: VersionMove = {
    version: { of: ['nodejs', 'node', 'node.js'], from: '21', to: '22' },
    names: [],
  };

  test.each([
    ['FROM node:21', 'FROM node:22'],
    ['examples/httpserver-nodejs21', 'examples/httpserver-nodejs22'],
    ['# Node.js 21, nodejs-21, NODE_VERSION=21', '# Node.js 22, nodejs-22, NODE_VERSION=22'],
    ['runtime: unikraft.org/node:21', 'runtime: unikraft.org/node:22'],
  ])('%s', (before, after) => {
    expect(moveVersion(before, move)).toBe(after);
  });

  test.each(['deno 21', 'nodes 21', 'xnode21'])('and not in %s', (text) => {
    expect(moveVersion(text, move)).toBe(text);
  });
});

test('moving there and back gives the same text', () => {
  const word = fc.constantFrom('7.0', 'redis:7.0.15', ' ', 'x', '\n', '127.0.0.1', '7.0.15-alpine3.18', 'v');
  const back: VersionMove = {
    version: { of: ['redis'], from: '7.4', to: '7.0' },
    names: REDIS.names.map(([from, to]) => [to, from] as const),
  };
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const text = words.join(' ');
      const moved = moveVersion(text, REDIS);
      expect(moveVersion(moved, back)).toBe(text);
      expect(moveVersion(moved, REDIS)).toBe(moved);
    }),
  );
});

test('without a version only names move', () => {
  expect(moveVersion('FROM a:1@sha256:ab 7.0', { version: null, names: [['sha256:ab', 'sha256:cd']] })).toBe(
    'FROM a:1@sha256:cd 7.0',
  );
  expect(moveVersion('7.0 7', { version: null, names: [] })).toBe('7.0 7');
});
