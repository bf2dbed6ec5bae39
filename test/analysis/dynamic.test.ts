import { describe, expect, test } from 'vitest';
import { needsOfTrace } from '../../src/analysis/dynamic.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { TOUCH_KINDS, type TouchKind } from '../../src/strace/path-calls.ts';
import type { FailedLookup, Touch } from '../../src/strace/touched.ts';
import { traceOf } from '../strace/trace-table.ts';
import { memoryTree } from '../support/memory-tree.ts';
import { rootfsOf } from '../support/rootfs.ts';

const TREE = memoryTree({
  '/d/file': 'content',
  '/etc/hosts': '127.0.0.1',
  '/link': 'symlink d',
  '/deep/er/x': '',
  '/up': 'symlink deep/er',
  '/proc/self/exe': '',
  '/mounts': 'symlink /proc/mounts',
  '/nowhere': 'symlink missing',
  '/dev/null': '',
});

const FIRST = { pid: 1, syscall: 'openat', line: 1 };

function touch(path: string, kinds: readonly TouchKind[], rest: Partial<Touch> = {}): Touch {
  const as = { named: true, followed: true, executable: false, resolvedTo: [], first: FIRST, count: 1 };
  return { path, kinds, ...as, ...rest };
}

const unnamed = { named: false };
const findingsOf = (...touched: Touch[]) => needsOfTrace(TREE, { touched, failed: [] });

/** What a trace makes needed, `how path`. */
const needsOf = (...touches: Touch[]) =>
  findingsOf(...touches).needs.map(({ path, reason }) =>
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
  'link-read': ['linked-through /d/file'],
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

  test('in a directory that the program made needs nothing', () => {
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

  test('that the kernel found behind a needed name is not needed once more', () => {
    const target = touch('/d/file', ['opened', 'mapped'], unnamed);
    expect(needsOf(touch('/link/file', ['opened'], { resolvedTo: ['/d/file'] }), target)).toEqual([
      'opened /link/file',
    ]);
  });

  test('that was listed through a link is listed by its own name', () => {
    const target = touch('/d', ['opened', 'listed'], unnamed);
    expect(needsOf(touch('/link', ['opened'], { resolvedTo: ['/d'] }), target)).toEqual([
      'opened /link',
      'listed /d',
    ]);
  });

  test('behind a name below /proc is needed by its own name', () => {
    const target = touch('/d/file', ['opened', 'mapped'], unnamed);
    const found = findingsOf(touch('/proc/self/fd/3', ['opened'], { resolvedTo: ['/d/file'] }), target);
    expect(new Set(found.needs.map(({ path }) => path))).toEqual(new Set(['/d/file']));
    expect(found.kernelPaths).toEqual(['/proc/self/fd/3']);
  });

  test('known only by a descriptor that was mapped is needed', () => {
    expect(needsOf(touch('/d/file', ['mapped'], unnamed))).toEqual(['opened /d/file']);
  });

  test('that the loader of Unikraft writes is not needed', () => {
    expect(needsOf(touch('/etc/hosts', ['opened']))).toEqual([]);
  });
});

describe('what the kernel makes', () => {
  test('is listed separately, each path once, and never needed', () => {
    const paths = [
      '/proc/self/exe',
      '/sys/kernel',
      '/dev/null',
      '/proc/self/exe',
      '/proc',
      '/procession',
      '/d/file',
    ];
    const found = findingsOf(...paths.map((path) => touch(path, ['opened'])));
    expect(found.kernelPaths).toEqual(['/proc/self/exe', '/sys/kernel', '/dev/null', '/proc']);
    expect(found.needs.map(({ path }) => path)).toEqual(['/d/file']);
  });

  test('is known by a name with .. as well', () => {
    expect(findingsOf(touch('/d/../proc/cpuinfo', ['opened'])).kernelPaths).toEqual(['/proc/cpuinfo']);
  });

  test('behind a link is listed by its name, and the link, which leads nowhere, is not needed', () => {
    const found = findingsOf(
      touch('/mounts', ['opened'], { resolvedTo: ['/proc/1/mounts'] }),
      touch('/mounts', ['stat']),
    );
    expect(found).toMatchObject({ needs: [], kernelPaths: ['/proc/1/mounts', '/proc/mounts'] });
  });
});

describe('what the program looked up and did not find', () => {
  function failed(path: string, errno = 'ENOENT', rest: Partial<FailedLookup> = {}): FailedLookup {
    return { path, errno, making: false, first: FIRST, count: 1, ...rest };
  }
  const missedOf = (lookups: readonly FailedLookup[], ...touched: Touch[]) =>
    needsOfTrace(TREE, { touched, failed: lookups }).failed;

  test('is listed with its first call, each path once', () => {
    const later = { ...FIRST, line: 9 };
    expect(
      missedOf([failed('/no', 'ENOENT'), failed('/no', 'ENOTDIR', { first: later }), failed('/d/no')]),
    ).toEqual([
      { path: '/no', making: false, first: FIRST },
      { path: '/d/no', making: false, first: FIRST },
    ]);
  });

  test('leads to what is missing: through links, and behind one that leads nowhere', () => {
    const lookups = [failed('/up/../no'), failed('/nowhere')];
    expect(missedOf(lookups).map(({ path }) => path)).toEqual(['/deep/no', '/nowhere']);
  });

  test('is not what was refused, is there, lies with the kernel, or was made later', () => {
    const lookups = ['/d/file', '/proc/none', '/dev/none', '/d/pid'].map((path) => failed(path));
    expect(missedOf([...lookups, failed('/d/secret', 'EACCES')], touch('/d/pid', ['created']))).toEqual([]);
  });

  test('was to be made only where every call would have made it', () => {
    const making = { making: true };
    expect(missedOf([failed('/a/b', 'ENOENT', making)])).toMatchObject([{ making: true }]);
    expect(missedOf([failed('/a/b', 'ENOENT', making), failed('/a/b', 'ENOTDIR')])).toMatchObject([
      { making: false },
    ]);
  });

  test('is bounded, and the last paths are listed', () => {
    const paths = missedOf(Array.from({ length: 6000 }, (_, at) => failed(`/no/${at}`))).map(
      ({ path }) => path,
    );
    expect([paths.length, paths[0], paths.at(-1)]).toEqual([5000, '/no/1000', '/no/5999']);
  });
});

describe('of a log', () => {
  test('a directory that is listed is kept, and what is in it is not', async () => {
    const kept = await keptOf(
      {
        '/lib/python': 'directory',
        '/lib/python/a.py': 'a',
        '/lib/python/b.py': 'b',
        '/lib/python/c.py': 'c',
      },
      'openat(AT_FDCWD</>, "/lib/python", O_RDONLY|O_DIRECTORY) = 3</lib/python>',
      'getdents64(3</lib/python>, 0x5581 /* 5 entries */, 32768) = 120',
      'newfstatat(AT_FDCWD</>, "/lib/python/a.py", {st_mode=S_IFREG|0644, st_size=1, ...}, 0) = 0',
    );
    expect(kept).toEqual({ '/lib/python': ['opened', 'listed'], '/lib/python/a.py': ['stat'] });
  });

  test('links on the way are kept, wherever in the path they are', async () => {
    const kept = await keptOf(
      { '/usr/lib/x.so.1': 'x', '/usr/lib/x.so': 'symlink x.so.1', '/lib': 'symlink usr/lib' },
      'openat(AT_FDCWD</>, "/lib/x.so", O_RDONLY) = 3</usr/lib/x.so.1>',
      'mmap(NULL, 10, PROT_READ|PROT_EXEC, MAP_PRIVATE, 3</usr/lib/x.so.1>, 0) = 0x7f00',
    );
    expect(kept).toEqual({
      '/lib': ['linked-through'],
      '/usr/lib/x.so': ['linked-through'],
      '/usr/lib/x.so.1': ['opened'],
    });
  });

  test('of a file that is only written its directory is kept, with its mode', async () => {
    await using rootfs = await rootfsOf({ '/var/spool': 'directory 1777', '/var/spool/old': 'x' });
    const kept = await keptIn(rootfs, [
      'openat(AT_FDCWD</>, "/var/spool/old", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 3</var/spool/old>',
      'bind(4<socket:[1]>, {sa_family=AF_UNIX, sun_path="/var/spool/s"}, 110) = 0',
    ]);
    expect(kept).toEqual({ '/var/spool': ['written'] });
    expect(rootfs.lookup(imagePath('/var/spool'))?.mode).toBe(0o1777);
  });

  /** What a plan keeps of a root file system after a program has made these calls, and how it touched it. */
  async function keptOf(table: Parameters<typeof rootfsOf>[0], ...calls: string[]) {
    await using rootfs = await rootfsOf(table);
    return await keptIn(rootfs, calls);
  }

  async function keptIn(rootfs: Awaited<ReturnType<typeof rootfsOf>>, calls: readonly string[]) {
    const trace = await traceOf(calls.map((call) => `7 ${call}\n`).join(''));
    const { kept } = planSlim(rootfs, needsOfTrace(rootfs, trace).needs);
    return Object.fromEntries(
      kept.map(({ path, reasons }) => [
        path,
        reasons.map((reason) => (reason.kind === 'traced' ? reason.how : reason.kind)),
      ]),
    );
  }
});
