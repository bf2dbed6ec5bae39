import { describe, expect, it } from 'vitest';
import { parseLine } from '../../src/strace/parse-line.ts';

const call = (text: string) => {
  const { kind, name, args, result, errno } = {
    name: '',
    args: '',
    result: '',
    errno: '',
    ...parseLine(text, 1),
  };
  return { kind, name, args, result, errno };
};

describe('a line with a call', () => {
  it('is cut into name, arguments and result', () => {
    expect(parseLine('12840 openat(AT_FDCWD</srv>, "a", O_RDONLY) = 3</srv/a>', 5)).toEqual({
      kind: 'syscall',
      line: 5,
      pid: 12840,
      name: 'openat',
      args: 'AT_FDCWD</srv>, "a", O_RDONLY',
      result: '3</srv/a>',
      errno: null,
    });
  });

  it.each([
    ['7     chdir("..")                       = 0', '".."', '0', null],
    [
      '7 access("a", R_OK) = -1 ENOENT (No such file or directory)',
      '"a", R_OK',
      '-1 ENOENT (No such file or directory)',
      'ENOENT',
    ],
    [
      '7 open("f", O_RDONLY) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)',
      '"f", O_RDONLY',
      '? ERESTARTSYS (To be restarted if SA_RESTART is set)',
      null,
    ],
    ['7 exit_group(0) = ?', '0', '?', null],
    ['7 open("f", 0) = ? <unavailable>', '"f", 0', '? <unavailable>', null],
    [
      '7 poll([{fd=3}], 1, 5) = 1 ([{fd=3, revents=POLLIN}])',
      '[{fd=3}], 1, 5',
      '1 ([{fd=3, revents=POLLIN}])',
      null,
    ],
    ['7 memfd_create("m", 0) = 7</memfd:m>(deleted)', '"m", 0', '7</memfd:m>(deleted)', null],
    ['7 open("/dev/null", 0) = 3</dev/null<char 1:3>>', '"/dev/null", 0', '3</dev/null<char 1:3>>', null],
    ['7 fork() = 8', '', '8', null],
  ])('%s', (text, args, result, errno) => {
    expect(call(text)).toMatchObject({ kind: 'syscall', args, result, errno });
  });

  it('keeps file names whole that look like a result', () => {
    for (const name of ['a) = 5', 'a) = 5 (b)', 'a) = -1 ENOENT (x)', ') = ?', 'a = b', ') = 5) = 6']) {
      expect(call(`7 open("${name}", O_RDONLY) = 3</${name}>`)).toMatchObject({
        args: `"${name}", O_RDONLY`,
        result: `3</${name}>`,
      });
      expect(call(`7 fchdir(3</${name}>) = 0`)).toMatchObject({ args: `3</${name}>`, result: '0' });
      expect(call(`7 open("x", 0) = 3</${name}>(deleted)`)).toMatchObject({ args: '"x", 0' });
    }
  });

  it('is unparsed without a result', () => {
    expect(call('7 open("a) = 0", O_RDONLY').kind).toBe('unparsed');
    expect(call('7 open("a", O_RDONLY)').kind).toBe('unparsed');
  });
});

describe('other lines', () => {
  it.each([
    ['7 +++ exited with 3 +++', { kind: 'exited', code: 3 }],
    ['7 +++ killed by SIGSEGV (core dumped) +++', { kind: 'killed', signal: 'SIGSEGV', coreDumped: true }],
    ['7 +++ killed by SIGKILL +++', { kind: 'killed', signal: 'SIGKILL', coreDumped: false }],
    ['7 +++ superseded by execve in pid 9 +++', { kind: 'superseded', by: 9 }],
    [
      '7 --- SIGALRM {si_signo=SIGALRM} ---',
      { kind: 'signal', signal: 'SIGALRM', info: '{si_signo=SIGALRM}' },
    ],
    ['7 --- SIGRT_1 {si_signo=SIGRT_1} ---', { kind: 'signal', signal: 'SIGRT_1' }],
    ['7 --- stopped by SIGSTOP ---', { kind: 'signal', signal: 'SIGSTOP', info: '' }],
    ['7 vfork( <unfinished ...>', { kind: 'unfinished', name: 'vfork', head: 'vfork(' }],
    [
      '7 execve("a", ["a"], 0x1 <pid changed to 5 ...>',
      { kind: 'unfinished', head: 'execve("a", ["a"], 0x1' },
    ],
    ['7 <... openat resumed>) = 3', { kind: 'resumed', name: 'openat', tail: ') = 3' }],
  ])('%s', (text, expected) => {
    expect(parseLine(text, 1)).toMatchObject({ pid: 7, ...expected });
  });

  it.each([
    '',
    ' ',
    '7',
    '7 ',
    'strace: Process 9 attached',
    '[ Process PID=9 runs in 32 bit mode. ]',
    '7 ???()',
    '7 +++ what +++',
  ])('%j is unparsed', (text) => {
    expect(parseLine(text, 3)).toEqual({ kind: 'unparsed', line: 3, text, truncated: false });
  });
});
