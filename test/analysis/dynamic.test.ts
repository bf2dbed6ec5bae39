import { describe, expect, test } from 'vitest';
import { needsOfTrace } from '../../src/analysis/dynamic.ts';
import { TOUCH_KINDS, type TouchKind } from '../../src/strace/path-calls.ts';
import type { Touch } from '../../src/strace/touched.ts';
import { memoryTree } from '../support/memory-tree.ts';

const TREE = memoryTree({
  '/d/file': 'content',
  '/etc/hosts': '127.0.0.1',
  '/link': 'symlink d',
  '/deep/er/x': '',
  '/up': 'symlink deep/er',
  '/proc/self/exe': '',
  '/dev/null': '',
});

function touch(path: string, kinds: readonly TouchKind[], named = true): Touch {
  const first = { pid: 1, syscall: 'openat', line: 1 };
  return { path, kinds, named, followed: true, executable: false, resolvedTo: [], first, count: 1 };
}

/** What a trace makes needed, `how path`. */
const needsOf = (...touches: Touch[]) =>
  needsOfTrace(TREE, touches).needs.map(({ path, reason }) =>
    reason.kind === 'traced' ? `${reason.how} ${path}` : reason.kind,
  );

/** Each kind of touch of a file that is there before the run. */
const OF_AN_EXISTING_FILE: Readonly<Record<TouchKind, readonly string[]>> = {
  opened: ['opened /d/file'],
  mapped: ['opened /d/file'],
  connected: ['opened /d/file'],
  executed: ['executed /d/file'],
  stat: ['stat /d/file'],
  entered: ['stat /d/file'],
  attributes: ['stat /d/file'],
  'link-read': ['stat /d/file'],
  linked: ['stat /d/file'],
  listed: ['listed /d/file'],
  written: ['opened /d/file', 'written /d'],
  renamed: ['stat /d/file', 'written /d'],
  created: ['written /d'],
  bound: ['written /d'],
  mkdir: ['written /d'],
  removed: ['written /d'],
};

describe('a file that was there and is', () => {
  test.each(TOUCH_KINDS)('%s', (kind) => {
    expect(needsOf(touch('/d/file', [kind]))).toEqual(OF_AN_EXISTING_FILE[kind]);
  });
});

describe('what the program itself made', () => {
  test.each<readonly TouchKind[][]>([
    [['created', 'written', 'renamed']],
    [['written', 'created', 'opened']],
    [['mkdir', 'renamed', 'entered']],
    [['bound', 'connected']],
  ])('by %j needs only its directory', (kinds) => {
    expect(new Set(needsOf(touch('/d/new', kinds)))).toEqual(new Set(['written /d']));
  });

  test('in a directory of its own making needs nothing', () => {
    expect(needsOf(touch('/d/new', ['mkdir']), touch('/d/new/x', ['created']))).toEqual(['written /d']);
  });

  test('in the root needs nothing', () => {
    expect(needsOf(touch('/new', ['created', 'written']))).toEqual([]);
  });

  test('over a file that was there needs that only where it was read as well', () => {
    expect(needsOf(touch('/d/file', ['written', 'created']))).toEqual(['written /d', 'written /d']);
    expect(needsOf(touch('/d/file', ['opened', 'created']))).toEqual(['opened /d/file', 'written /d']);
  });
});

describe('a path', () => {
  test('has a need for each thing that was done with it', () => {
    expect(needsOf(touch('/d/file', ['stat', 'opened']))).toEqual(['stat /d/file', 'opened /d/file']);
  });

  test('is needed as the program named it, through links', () => {
    expect(needsOf(touch('/link/file', ['opened']), touch('/link', ['stat']))).toEqual([
      'opened /link/file',
      'stat /link',
    ]);
  });

  test('with .. behind a link is needed where the kernel found it', () => {
    expect(needsOf(touch('/up/../er/x', ['opened']))).toEqual(['opened /deep/er/x']);
  });

  test.each(['/d/none', '/none/file', '/d/file/below'])('%s is not needed: it was not there', (path) => {
    expect(needsOf(touch(path, ['opened', 'stat']))).toEqual([]);
  });

  test('that no program named is not needed', () => {
    expect(needsOf(touch('/d/file', ['opened'], false))).toEqual([]);
  });

  test('that the loader of Unikraft writes is not needed', () => {
    expect(needsOf(touch('/etc/hosts', ['opened']))).toEqual([]);
  });
});

describe('what the kernel makes', () => {
  test('is told apart, each path once, and never needed', () => {
    const paths = [
      '/proc/self/exe',
      '/sys/kernel',
      '/dev/null',
      '/proc/self/exe',
      '/proc',
      '/procession',
      '/d/file',
    ];
    const found = needsOfTrace(
      TREE,
      paths.map((path) => touch(path, ['opened'])),
    );
    expect(found.kernelPaths).toEqual(['/proc/self/exe', '/sys/kernel', '/dev/null', '/proc']);
    expect(found.needs.map(({ path }) => path)).toEqual(['/d/file']);
  });

  test('is known by a name with .. as well', () => {
    expect(needsOfTrace(TREE, [touch('/d/../proc/cpuinfo', ['opened'])]).kernelPaths).toEqual([
      '/proc/cpuinfo',
    ]);
  });
});
