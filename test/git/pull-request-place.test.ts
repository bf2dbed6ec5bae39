import { expect, test } from 'vitest';
import { pullRequestPlace } from '../../src/git/pull-request-place.ts';

const place = (settings: Record<string, string>) =>
  pullRequestPlace({ settings: Object.entries(settings), pushed: 'origin' });

test.each([
  'https://github.com/o/r',
  'https://token@github.com/o/r.git',
  'ssh://git@github.com:22/o/r.git',
  'git@github.com:o/r.git',
])('a pull request goes to the repository of %s', (url) => {
  expect(place({ 'remote.origin.url': url })).toEqual({ repository: 'github.com/o/r', headOwner: null });
});

test('a fork proposes to upstream, or to what gh has noted', () => {
  const fork = {
    'remote.origin.url': 'git@github.com:me/r.git',
    'remote.upstream.url': 'git@github.com:o/r.git',
  };
  const upstream = { repository: 'github.com/o/r', headOwner: 'me' };
  expect(place(fork)).toEqual(upstream);
  expect(place({ ...fork, 'remote.upstream.gh-resolved': 'base' })).toEqual(upstream);
  expect(place({ ...fork, 'remote.origin.gh-resolved': 'base' })).toEqual({
    repository: 'github.com/me/r',
    headOwner: null,
  });
  expect(place({ ...fork, 'remote.origin.gh-resolved': 'p/q' })).toEqual({
    repository: 'github.com/p/q',
    headOwner: 'me',
  });
});

test.each(['/srv/r.git', '../r', 'file:///srv/o/r', '', 'https://github.com/o'])('none goes to %j', (url) => {
  expect(place({ 'remote.origin.url': url })).toBeNull();
});
