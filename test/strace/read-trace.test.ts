import { describe, expect, it } from 'vitest';
import { traceOf } from './trace-table.ts';

const START = '1 execve("/bin/app", ["app"], 0x1 /* 0 vars */) = 0\n';
const pathsOf = async (lines: string, cwd = '/') =>
  (await traceOf(START + lines, { cwd })).touched.slice(1).map(({ path }) => path);
const factsOf = async (lines: string) => (await traceOf(START + lines)).facts.map(({ kind }) => kind);

describe('a relative name', () => {
  it('starts from the directory the program was started in', async () => {
    expect(await pathsOf('1 open("a/./b//c", O_RDONLY) = 3\n', '/srv')).toEqual(['/srv/a/b/c']);
  });

  it('loses a leading .. where the kernel reported the directory, and keeps .. after a name', async () => {
    const lines = '1 openat(AT_FDCWD</srv/x>, "../a/../b", O_RDONLY) = -1 EISDIR (Is a directory)\n';
    expect(await pathsOf(lines)).toEqual(['/srv/a/../b']);
  });

  it('keeps .. behind a directory the program only named, as it may be a link', async () => {
    expect(await pathsOf('1 chdir("/link") = 0\n1 open("../a", O_RDONLY) = 3\n')).toEqual([
      '/link',
      '/link/../a',
    ]);
  });

  it('stops at the root', async () => {
    expect(await pathsOf('1 open("/../../a", O_RDONLY) = 3\n')).toEqual(['/a']);
  });

  it('starts from where AT_FDCWD was last seen', async () => {
    const lines = '1 newfstatat(AT_FDCWD</srv>, "/etc", {}, 0) = 0\n1 open("a", O_RDONLY) = 3\n';
    expect(await pathsOf(lines)).toEqual(['/etc', '/srv/a']);
  });

  it('starts from the directory of a forked child, not of its parent', async () => {
    const lines = [
      '1 fork() = 2',
      '2 chdir("/b") = 0',
      '1 open("a", O_RDONLY) = 3',
      '2 open("a", O_RDONLY) = 3',
    ];
    expect(await pathsOf(`${lines.join('\n')}\n`)).toEqual(['/b', '/a', '/b/a']);
  });

  it('moves with every thread, even one seen before its clone came back', async () => {
    const lines = [
      '1 clone(child_stack=0x1, flags=CLONE_VM|CLONE_FS|CLONE_THREAD <unfinished ...>',
      '2 chdir("/b") = 0',
      '1 <... clone resumed>, tls=0x2) = 2',
      '1 open("a", O_RDONLY) = 3',
    ];
    expect(await pathsOf(`${lines.join('\n')}\n`)).toEqual(['/b', '/b/a']);
  });
});

describe('a process number', () => {
  it('that is used again is another process', async () => {
    const lines =
      '1 vfork() = 2\n2 +++ exited with 0 +++\n1 vfork( <unfinished ...>\n2 open("/a", O_RDONLY) = 3\n1 <... vfork resumed>) = 2\n2 +++ exited with 1 +++\n';
    const { processes } = await traceOf(START + lines);
    expect(processes.map(({ pid, parent, end }) => [pid, parent, end])).toEqual([
      [1, null, null],
      [2, 1, { kind: 'exited', code: 0 }],
      [2, 1, { kind: 'exited', code: 1 }],
    ]);
  });

  it('goes to the clone that has no child yet, where several are under way', async () => {
    const lines = [
      '1 clone(flags=CLONE_VM|CLONE_FS|CLONE_THREAD) = 2',
      '1 vfork( <unfinished ...>',
      '3 chdir("/b") = 0',
      '2 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>',
      '4 chdir("/c") = 0',
      '2 <... clone resumed>) = 4',
      '1 <... vfork resumed>) = 3',
    ];
    const { processes } = await traceOf(`${START}${lines.join('\n')}\n`);
    expect(processes.map(({ pid, parent, thread, group }) => [pid, parent, thread, group])).toEqual([
      [1, null, false, 1],
      [2, 1, true, 1],
      [3, 1, false, 3],
      [4, 2, false, 4],
    ]);
  });
});

describe('a path', () => {
  it('that is there after all does not count as failed', async () => {
    const lines =
      '1 mkdir("/a", 0755) = -1 EEXIST (File exists)\n1 readlink("/b", 0x1, 9) = -1 EINVAL (Invalid argument)\n';
    const { touched, failed } = await traceOf(START + lines);
    expect(touched.slice(1).map(({ path, kinds, followed }) => [path, kinds, followed])).toEqual([
      ['/a', ['stat'], false],
      ['/b', ['stat'], false],
    ]);
    expect(failed).toEqual([]);
  });

  it('that failed is listed once for each errno, with the first call and their number', async () => {
    const lines =
      '1 stat("/a", 0x1) = -1 ENOENT (x)\n1 open("/a", O_RDONLY) = -1 ENOENT (x)\n1 open("/a", O_RDONLY) = -1 EACCES (x)\n';
    expect((await traceOf(START + lines)).failed).toEqual([
      { path: '/a', errno: 'ENOENT', making: false, first: { pid: 1, syscall: 'stat', line: 2 }, count: 2 },
      { path: '/a', errno: 'EACCES', making: false, first: { pid: 1, syscall: 'open', line: 4 }, count: 1 },
    ]);
  });

  it('too long for strace to show is left out', async () => {
    expect(await pathsOf('1 open("/aaa"..., O_RDONLY) = -1 ENAMETOOLONG (File name too long)\n')).toEqual([]);
  });

  it('of an abstract socket is none', async () => {
    const lines = '1 connect(3<socket:[1]>, {sa_family=AF_UNIX, sun_path=@"/tmp/x"}, 9) = 0\n';
    expect(await pathsOf(lines)).toEqual([]);
  });
});

describe('fitness', () => {
  it.each([
    ['1 kill(1, SIGUSR1) = 0', ['signal-self']],
    ['1 kill(2, SIGUSR1) = 0', ['signal-other']],
    ['1 kill(0, SIGUSR1) = 0', ['signal-other']],
    ['1 kill(2, 0) = 0', []],
    ['1 setuid(0) = 0', []],
    ['1 setresuid(-1, 33, -1) = 0', ['setuid']],
    ['1 setsockopt(3<socket:[1]>, SOL_SOCKET, SO_REUSEPORT, [1], 4) = 0', ['reuseport']],
    ['1 open("/dev/stdout", O_WRONLY|O_APPEND) = 3</dev/null>', ['dev-stdout-write']],
    ['1 open("/var/log/x", O_WRONLY) = 3</dev/pts/0>', []],
    ['1 open("/dev/stdout", O_RDONLY) = 3</dev/null>', []],
    ['1 open("/tmp", O_RDWR|O_TMPFILE, 0600) = 3</tmp/#1>(deleted)', ['o_tmpfile']],
    ['1 execve("/bin/b", ["b"], 0x1) = 0', ['exec-again']],
    [
      '1 clone(child_stack=NULL, flags=SIGCHLD) = 2\n2 execve("/bin/b", ["b"], 0x1) = 0',
      ['fork', 'exec-child'],
    ],
    ['1 clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD}, 88) = 2', ['vfork']],
    ['1 clone(child_stack=0x1, flags=CLONE_VM|CLONE_FS|CLONE_THREAD) = 2', []],
    ['1 --- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---', ['signal-received']],
    ['1 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=2} ---', []],
  ])('%s', async (lines, expected) => {
    expect(await factsOf(`${lines}\n`)).toEqual(expected);
  });

  it('counts what is repeated, keeps the first text and cuts it', async () => {
    const long = `1 memfd_create("${'m'.repeat(300)}", 0) = 3\n`;
    const { facts } = await traceOf(START + long + long);
    expect(facts).toEqual([
      { kind: 'memfd', pid: 1, line: 2, text: `memfd_create("${'m'.repeat(186)}`, errno: null, count: 2 },
    ]);
  });
});
