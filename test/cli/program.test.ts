import { describe, expect, test } from 'vitest';
import { createProgram, type Request } from '../../src/cli/program.ts';

function requestOf(...args: string[]): Request | null {
  let request: Request | null = null;
  createProgram((asked) => {
    request = asked;
  }).parse(args, { from: 'user' });
  return request;
}

const SLIM = {
  verb: 'slim',
  json: false,
  quiet: false,
  dryRun: false,
  exitCode: false,
  force: false,
  redo: false,
  askStages: false,
  placeholders: false,
  minimal: false,
  searchOnly: false,
  strategy: null,
  aggressive: false,
  maxRuns: null,
  upgrade: false,
  state: null,
};

describe('without a verb', () => {
  test('entries are slimmed', () => {
    expect(requestOf('a', 'b/c')).toEqual({ ...SLIM, entries: ['a', 'b/c'] });
  });

  test.each([
    ['--json', { json: true }],
    ['--quiet', { quiet: true }],
    ['--dry-run', { dryRun: true }],
    ['--force', { force: true }],
    ['--redo', { redo: true }],
    ['--ask-stages', { askStages: true }],
    ['--placeholders', { placeholders: true }],
    ['--minimal', { minimal: true }],
    ['--search-only', { searchOnly: true }],
    ['--strategy=coin-flip', { strategy: 'coin-flip' }],
    ['--aggressive', { aggressive: true }],
    ['--max-runs=9', { maxRuns: 9 }],
    ['--upgrade', { upgrade: true }],
    ['--state=d', { state: 'd' }],
  ])('%s is taken before and after the entries, and changes nothing else', (flag, changed) => {
    expect(requestOf(flag, 'a')).toEqual({ ...SLIM, ...changed, entries: ['a'] });
    expect(requestOf('a', flag)).toEqual({ ...SLIM, ...changed, entries: ['a'] });
  });
});

test.each([
  [['verify', 'a', 'b'], { verb: 'verify', entries: ['a', 'b'], json: false, quiet: false }],
  [['verify', '--json', 'a'], { verb: 'verify', entries: ['a'], json: true }],
  [['--json', 'verify', 'a', '--quiet'], { verb: 'verify', json: true, quiet: true }],
  [['check'], { verb: 'check', paths: [], json: false, format: null, only: [], skip: [], fix: false }],
  [['check', 'a', 'b', '--fix', '--force'], { verb: 'check', paths: ['a', 'b'], fix: true, force: true }],
  [['--force', 'check', '--fix'], { fix: true, force: true }],
  [['check', '--only', 'x, y', '--skip=z', '--only=w'], { only: ['x', 'y', 'w'], skip: ['z'] }],
  [['check', '--format', 'sarif'], { verb: 'check', format: 'sarif', json: false }],
  [['--json', 'check'], { verb: 'check', format: 'json', json: true }],
  [['clean'], { verb: 'clean', json: false, quiet: false }],
  [['clean', '--json'], { verb: 'clean', json: true }],
  [
    ['refresh', '--all'],
    { verb: 'refresh', entries: [], all: true, to: null, policy: 'minor', dryRun: false, state: null },
  ],
  [['refresh', 'a', '--to', '7.2', '--policy', 'major'], { entries: ['a'], to: '7.2', policy: 'major' }],
  [['--dry-run', '--state', 'd', 'refresh', 'a'], { verb: 'refresh', dryRun: true, state: 'd' }],
  [['pr', 'a', 'b', '--single', '--push'], { verb: 'pr', entries: ['a', 'b'], single: true, push: true }],
  [['--state', 'd', 'pr', 'a'], { verb: 'pr', single: false, push: false, gh: false, state: 'd' }],
  [['new', 'redis:7.2'], { verb: 'new', image: 'redis:7.2', command: [], name: null, version: null }],
  [
    ['new', 'a', '--example', '--version', '1', '--', '/bin/b', '-c'],
    { verb: 'new', example: true, version: '1', command: ['/bin/b', '-c'] },
  ],
])('%j', (args, expected) => {
  expect(requestOf(...args)).toMatchObject(expected);
});

test('--exit-code is taken with --dry-run', () => {
  expect(requestOf('--dry-run', '--exit-code', 'a')).toMatchObject({ dryRun: true, exitCode: true });
});

test.each([
  [['--exit-code', 'a']],
  [['clean', '--dry-run']],
  [['--dry-run', 'clean']],
  [['verify', '--force', 'a']],
  [['--redo', 'verify', 'a']],
  [['check', '--force']],
  [['--force', 'check']],
  [['check', '--dry-run']],
  [['check', '--json', '--format', 'github']],
  [['refresh']],
  [['refresh', 'a', '--all']],
  [['refresh', 'a', '--policy', 'any']],
  [['--force', 'refresh', 'a']],
  [['pr']],
  [['pr', 'a', '--gh']],
  [['--dry-run', 'pr', 'a']],
  [['--redo', 'new', 'a']],
])('%j is refused, since nobody would heed it', (args) => {
  expect(() => requestOf(...args)).toThrow();
});
