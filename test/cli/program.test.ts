import { afterEach, describe, expect, test, vi } from 'vitest';
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
  untrusted: false,
  minimal: false,
  searchOnly: false,
  strategy: null,
  aggressive: false,
  maxRuns: null,
  upgrade: false,
  state: null,
  interactive: false,
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
    ['--untrusted', { untrusted: true }],
    ['--upgrade', { upgrade: true }],
    ['--state=d', { state: 'd' }],
  ])('%s is taken before and after the entries, and changes nothing else', (flag, changed) => {
    expect(requestOf(flag, 'a')).toEqual({ ...SLIM, ...changed, entries: ['a'] });
    expect(requestOf('a', flag)).toEqual({ ...SLIM, ...changed, entries: ['a'] });
  });
});

test.each([
  [['verify', 'a', 'b'], { verb: 'verify', entries: ['a', 'b'], json: false, untrusted: false }],
  [['verify', '--json', 'a'], { verb: 'verify', entries: ['a'], json: true }],
  [['--json', 'verify', 'a', '--quiet'], { verb: 'verify', json: true, quiet: true }],
  [['check'], { verb: 'check', paths: [], json: false, format: null, only: [], skip: [], fix: false }],
  [['check'], { failOn: 'error', notes: false }],
  [['check', '--fail-on', 'note', '--notes'], { failOn: 'note', notes: true }],
  [['check', 'a', 'b', '--fix', '--force'], { verb: 'check', paths: ['a', 'b'], fix: true, force: true }],
  [['--force', 'check', '--fix'], { fix: true, force: true }],
  [['check', '--only', 'x, y', '--skip=y', '--only=w'], { only: ['x', 'y', 'w'], skip: ['y'] }],
  [['check', '--format', 'sarif'], { verb: 'check', format: 'sarif', json: false }],
  [['--json', 'check'], { verb: 'check', format: 'json', json: true }],
  [['clean'], { verb: 'clean', json: false, quiet: false }],
  [['clean', '--json'], { verb: 'clean', json: true }],
  [
    ['refresh', '--all'],
    { verb: 'refresh', entries: [], all: true, to: null, policy: 'minor', dryRun: false, state: null },
  ],
  [['refresh', 'a', '--to', '7.2'], { entries: ['a'], to: '7.2', policy: 'minor' }],
  [['refresh', 'a', '--policy', 'major'], { to: null, policy: 'major', isPolicyGiven: true }],
  [['refresh', 'a'], { policy: 'minor', isPolicyGiven: false }],
  [['verify', 'a', '--untrusted'], { verb: 'verify', untrusted: true }],
  [['--untrusted', 'verify', 'a'], { verb: 'verify', untrusted: true }],
  [['new', 'a', '--untrusted'], { verb: 'new', untrusted: true }],
  [['refresh', 'a', '--untrusted'], { verb: 'refresh', untrusted: true }],
  [['sweep', '--untrusted'], { verb: 'sweep', untrusted: true }],
  [['worker', '--queue', 'redis://h', '--untrusted'], { verb: 'worker', untrusted: true }],
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
  [['clean', '--dry-run']],
  [['--dry-run', 'clean']],
  [['verify', '--force', 'a']],
  [['--redo', 'verify', 'a']],
  [['check', '--dry-run']],
  [['check', '--fail-on', 'all']],
  [['refresh']],
  [['refresh', 'a', '--policy', 'any']],
  [['--force', 'refresh', 'a']],
  [['pr']],
  [['--dry-run', 'pr', 'a']],
  [['--redo', 'new', 'a']],
  [['--untrusted', 'pr', 'a']],
  [['clean', '--untrusted']],
])('%j is refused, since it would have no effect', (args) => {
  expect(() => requestOf(...args)).toThrow();
});

describe('an option that has no effect in a call ends it', () => {
  test.each([
    [['a', '--exit-code'], '--exit-code', '--dry-run'],
    [['a', '--force', '--dry-run'], '--force', '--dry-run writes nothing'],
    [['a', '--aggressive'], '--aggressive', '--minimal, --search-only or --strategy'],
    [['a', '--max-runs', '9'], '--max-runs', '--minimal, --search-only or --strategy'],
    [['a', '--minimal', '--search-only'], '--minimal', '--search-only'],
    [['a', '--minimal', '--strategy', 'coin-flip'], '--minimal', '--strategy'],
    [['sweep', '--exit-code'], '--exit-code', '--dry-run'],
    [['check', '--notes', '--format', 'sarif'], '--notes', 'the other formats contain every finding'],
    [['sweep', '--force', '--dry-run'], '--force', '--dry-run writes nothing'],
    [['--aggressive', 'sweep'], '--aggressive', '--minimal'],
    [['sweep', '--max-runs', '9'], '--max-runs', '--minimal'],
    [['sweep', '--queue', 'redis://h', '--builds', '2'], '--builds', 'workers'],
    [['sweep', '--queue', 'redis://h', '--runs', '2'], '--runs', 'workers'],
    [['sweep', '--only', 'library', '--skip', 'native'], '--skip', '--only'],
    [['sweep', '--merge', 'd', '--dry-run'], '--dry-run', '--merge'],
    [['sweep', '--merge', 'd', '--filter', 'a'], '--filter', '--merge'],
    [['sweep', '--print-workflow', '--json'], '--json', '--print-workflow'],
    [['sweep', '--print-workflow', '--shard', '1/2'], '--shard', '--print-workflow'],
    [['sweep', 'a', '--print-workflow'], 'a', '--print-workflow'],
    [['check', '--force'], '--force', '--fix'],
    [['check', '--only', 'x', '--skip', 'y'], '--skip', '--only'],
    [['check', '--json', '--format', 'sarif'], '--format', '--json'],
    [['refresh', 'a', '--to', '7', '--policy', 'major'], '--policy', '--to'],
    [['refresh', 'a', '--all'], '--all', 'the command names entries'],
    [['pr', 'a', '--gh'], '--gh', '--push'],
    [['pr', 'a', '--single'], '--single', 'two entries'],
  ])('%j', (args, option, why) => {
    const call = () => requestOf(...args);
    expect(call).toThrow(`cannot use ${option}: `);
    expect(call).toThrow(why);
  });

  test.each([
    [['a', '--exit-code', '--dry-run']],
    [['a', '--minimal', '--aggressive', '--max-runs', '9']],
    [['a', '--search-only', '--aggressive']],
    [['a', '--strategy', 'coin-flip', '--max-runs', '9']],
    [['a', '--search-only', '--strategy', 'coin-flip']],
    [['sweep', '--shard', '1/4', '--durations', 'last.json', '--json']],
    [['sweep', '--merge', 'shards', '--summary', 'summary.md', '--json']],
    [['sweep', '--print-workflow']],
    [['sweep', '--queue', 'redis://h', '--jobs', '3', '--force']],
    [['sweep', '--only', 'library,native', '--skip', 'native']],
    [['check', '--json', '--format', 'json']],
    [['pr', 'a', 'b', '--single', '--push', '--gh']],
  ])('%j has an effect with all its options', (args) => {
    expect(requestOf(...args)).not.toBeNull();
  });
});

test.each([
  [['--dry-run', 'sweep'], { verb: 'sweep', dryRun: true }],
  [['--redo', '--minimal', '--max-runs', '7', 'sweep'], { redo: true, minimal: true, maxRuns: 7 }],
  [['--state', 'd', 'sweep'], { state: 'd' }],
  [['--state', 'd', 'sweep', '--state', 'e'], { state: 'e' }],
])('%j has the effect that it has behind the verb', (args, expected) => {
  expect(requestOf(...args)).toMatchObject(expected);
});

describe('KRAFT_SLIM_UNTRUSTED', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ['1', true],
    ['true', true],
    ['yes', true],
    ['', false],
    ['0', false],
    ['false', false],
  ])('%j', (value, untrusted) => {
    vi.stubEnv('KRAFT_SLIM_UNTRUSTED', value);
    for (const args of [['a'], ['verify', 'a'], ['sweep'], ['new', 'a'], ['worker', '--queue', 'redis://h']])
      expect(requestOf(...args)).toMatchObject({ untrusted });
  });
});
