import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { traceFitness } from '../../src/analysis/dynamic-fitness.ts';
import { traceOf } from '../strace/trace-table.ts';

const EXEC = 'execve("/app", ["/app"], 0x7ffe0000 /* 0 vars */) = 0';
const CLONE = 'clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7faf91dd4a10)';
const IPV6 = '{sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, "::", &sin6_addr)}';

/** What is reported of an app that made these calls, in one process. */
async function warningsOf(argv: readonly string[], ...calls: string[]) {
  const trace = await traceOf([EXEC, ...calls].map((call) => `7 ${call}\n`).join(''));
  return traceFitness(trace, { argv });
}

const messagesOf = async (argv: readonly string[], ...calls: string[]) =>
  (await warningsOf(argv, ...calls)).map(({ message }) => message);

test.each<[string, string, string]>([
  [
    'processes',
    `${CLONE} = 8`,
    'starts processes, which Unikraft does not support: clone(child_stack=NULL, ',
  ],
  ['sendfile', 'sendfile(4, 9</a>, NULL, 10) = 3', 'uses sendfile, which Unikraft lacks: sendfile(4, '],
  ['ipv6-bind', `bind(6<socket:[7]>, ${IPV6}, 28) = 0`, 'listens on IPv6, which Unikraft refuses: bind(6, '],
  ['reuse-port', 'setsockopt(6, SOL_SOCKET, SO_REUSEPORT, [1], 4) = 0', 'sets SO_REUSEPORT, which Unikraft'],
  [
    'user-change',
    'setuid(33) = 0',
    'changes its user, which Unikraft does not support: setuid(33) = 0; run it as root',
  ],
  [
    'dev-stdout',
    'openat(AT_FDCWD</>, "/dev/stdout", O_WRONLY|O_CREAT, 0666) = 3</dev/pts/0>',
    'opens a standard stream by name, and Unikraft has no such file: openat(',
  ],
  [
    'signals',
    '--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---',
    'relies on signals, which Unikraft does not deliver: --- SIGALRM {',
  ],
  [
    'missing-calls',
    'memfd_create("x", 0) = 3',
    'uses calls that Unikraft lacks: memfd by memfd_create("x", 0) = 3',
  ],
])('%s: %s', async (code, call, sentence) => {
  const [warning, ...others] = await warningsOf(['/app'], call);
  expect(warning).toMatchObject({ code, message: expect.stringContaining(`the app ${sentence}`) });
  expect(others).toEqual([]);
});

test('each code has a row in docs/warnings.md', () => {
  const rows = readFileSync(join(import.meta.dirname, '../../docs/warnings.md'), 'utf8');
  const codes = ['processes', 'signals', 'ipv6-bind', 'sendfile', 'reuse-port', 'user-change', 'dev-stdout'];
  for (const code of [...codes, 'missing-calls', 'trace-varied', 'not-traced'])
    expect(rows.split(`\n| \`${code}\` |`)).toHaveLength(2);
});

test('a call that fails for a mistake in its arguments is reported: it may be made again elsewhere', async () => {
  const log = readFileSync(join(import.meta.dirname, '../strace/corpus/refused.log'));
  const warnings = traceFitness(await traceOf(log), { argv: ['/srv/demo/bin/refused'] });
  expect(warnings.map(({ code, message }) => [code, message.split(': ')[1]?.split('; ')[0]])).toEqual([
    ['processes', expect.stringContaining('clone(')],
    ['user-change', 'setuid(65534) = 0 (2 times)'],
    ['signals', expect.stringContaining('SIGSEGV')],
    ['missing-calls', expect.stringMatching(/^recvmmsg by/)],
  ]);
});

describe('nothing is reported of', () => {
  test.each<[string, string]>([
    ['a thread', 'clone3({flags=CLONE_VM|CLONE_THREAD, stack=0x7fc93021e000}, 88) = 8'],
    ['a start script that gives way to its program', 'execve("/b", ["/b"], 0x7f /* 0 vars */) = 0'],
    ['an IPv6 bind that failed', `bind(6, ${IPV6}, 28) = -1 EADDRNOTAVAIL (Cannot assign requested address)`],
    ['an IPv4 bind', 'bind(6, {sa_family=AF_INET, sin_port=htons(80)}, 16) = 0'],
    ['a call that is not there', 'io_uring_setup(64, {flags=0}) = -1 ENOSYS (Function not implemented)'],
    ['a call that is forbidden', 'setuid(33) = -1 EPERM (Operation not permitted)'],
    ['a user that stays root', 'setresuid(-1, 0, -1) = 0'],
    ['a child that ended', '--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=8} ---'],
    ['the engine ending the app', '--- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=0, si_uid=0} ---'],
    ['an app that dies of the signal it has handled', 'kill(7, SIGTERM) = 0'],
    ['goroutines', 'tgkill(7, 7, SIGURG) = 0'],
    ['a question whether a process is there', 'kill(9, 0) = 0'],
  ])('%s', async (_, call) => {
    expect(await warningsOf(['/app'], call)).toEqual([]);
  });
});

describe('what is known of a program is given as the fix', () => {
  const [fork, bind] = [`${CLONE} = 8`, `bind(6, ${IPV6}, 28) = 0`];
  const sendfile = 'sendfile(4, 9</a>, NULL, 10) = 3';
  test.each<[string, string, string]>([
    ['nginx -g x', fork, 'set master_process off; and daemon off;'],
    ['/usr/sbin/nginx', sendfile, 'set sendfile off;'],
    [
      'redis-server /etc/redis.conf',
      fork,
      'set daemonize no, save "" and appendonly no, since it forks to save',
    ],
    ['/usr/bin/node server.js', bind, "listen on an address of IPv4: listen(port, '0.0.0.0')"],
    ['/usr/sbin/haproxy -f x', bind, 'use bind 0.0.0.0:PORT'],
    ['php8.2 -S [::]:80', bind, 'use -S 0.0.0.0:PORT'],
    ['/usr/sbin/mariadbd', bind, 'use --bind-address=0.0.0.0'],
    ['/usr/bin/python3.11 -m http.server', bind, 'use --bind 0.0.0.0'],
    ['/usr/bin/python3 app.py', bind, 'listen on 0.0.0.0'],
    ['memcached', 'setuid(33) = 0', 'use -u root'],
    ['/srv/app', fork, 'configure it for one process, in the foreground'],
  ])('%s', async (command, call, fix) => {
    const [message] = await messagesOf(command.split(' '), call);
    expect(message?.endsWith(`; ${fix}`)).toBe(true);
  });

  test('and where nothing is known the evidence ends the message', async () => {
    expect(await messagesOf(['/app'], 'link("/a", "/b") = 0')).toEqual([
      'the app uses calls that Unikraft lacks: link by link("/a", "/b") = 0',
    ]);
  });
});

describe('a warning', () => {
  test('comes once for each sort, with the first call of each kind and how many there were', async () => {
    const calls = ['tgkill(7, 7, SIGUSR1) = 0', 'tgkill(7, 7, SIGUSR2) = 0', 'kill(9, SIGUSR1) = 0'];
    expect(await messagesOf(['/app'], ...calls)).toEqual([
      'the app relies on signals, which Unikraft does not deliver: tgkill(7, 7, SIGUSR1) = 0 (2 times), kill(9, SIGUSR1) = 0',
    ]);
  });

  test('is hidden by no signal that is not reported', async () => {
    const [message] = await messagesOf(['/app'], 'kill(7, SIGTERM) = 0', 'kill(7, SIGUSR1) = 0');
    expect(message).toContain(': kill(7, SIGUSR1) = 0');
  });

  test('counts no calls that were refused', async () => {
    const refused = 'sendfile(4, 9</a>, NULL, 10) = -1 EINVAL (Invalid argument)';
    const [message] = await messagesOf(['/app'], refused, 'sendfile(4, 8</b>, NULL, 10) = 3');
    expect(message).toContain(': sendfile(4, 8</b>, NULL, 10) = 3;');
  });

  test('names each missing call, and those that libraries do without', async () => {
    const calls = [
      'mremap(0x7f8a1c000000, 135168, 266240, MREMAP_MAYMOVE) = 0x7f8a1bf00000',
      'inotify_init1(IN_NONBLOCK) = 5',
      'inotify_init1(IN_NONBLOCK) = 6',
    ];
    expect(await messagesOf(['/app'], ...calls)).toEqual([
      'the app uses calls that Unikraft lacks: mremap by mremap(0x..., 135168, 266240, MREMAP_MAYMOVE) = 0x... (realloc works without it), inotify by inotify_init1(IN_NONBLOCK) = 5 (2 times)',
    ]);
  });

  test('stays short, and the same in every run', async () => {
    const [message = ''] = await messagesOf(['/app'], `${CLONE} = 8`, `execve("/${'b'.repeat(400)}") = 0`);
    expect(message).toContain('child_tidptr=0x...)');
    expect(message.length).toBeLessThan(300);
  });
});

test('a real log of many kinds gives a warning of each sort, what stops the app first', async () => {
  const log = readFileSync(join(import.meta.dirname, '../strace/corpus/sockets.log'));
  const warnings = traceFitness(await traceOf(log), { argv: ['/srv/demo/bin/sockets'] });
  expect(warnings.map(({ code }) => code)).toEqual([
    'sendfile',
    'ipv6-bind',
    'reuse-port',
    'user-change',
    'signals',
    'missing-calls',
  ]);
});
