import { describe, expect, test } from 'vitest';
import { networkLack, ofProbes } from '../../src/slim/baseline/network-lack.ts';
import { judge } from '../../src/workload/judge.ts';
import type { Probe } from '../../src/workload/probe.ts';
import { USUAL, type Workload } from '../../src/workload/workload.ts';
import { traceOf } from '../strace/trace-table.ts';

const START = '1 execve("/bin/app", ["app"], 0x1 /* 0 vars */) = 0\n';
const connect = (port: number, address: string, result: string) =>
  `1 connect(3, {sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("${address}")}, 16) = ${result}\n`;
const UNREACHABLE = '-1 ENETUNREACH (Network is unreachable)';
const REFUSED = '-1 ECONNREFUSED (Connection refused)';
const RESOLVER = '1 openat(AT_FDCWD, "/etc/resolv.conf", O_RDONLY|O_CLOEXEC) = 3</etc/resolv.conf>\n';
const lackOf = async (lines: string, printed = '') => networkLack(await traceOf(START + lines), printed);

describe('what a program lacks of a network', () => {
  test.each([
    ['a lookup by a name server', connect(53, '127.0.0.11', '0'), '', 'the lookup of a name failed'],
    ['a lookup of musl, by what it prints', RESOLVER, 'ping: bad address', 'the lookup of a name failed'],
    [
      'a host of the internet',
      connect(80, '192.0.2.1', UNREACHABLE),
      '',
      'the connection to 192.0.2.1:80 failed',
    ],
    [
      'a host without a port, as ping does',
      connect(0, '192.0.2.1', UNREACHABLE),
      '',
      'the connection to 192.0.2.1 failed',
    ],
    [
      'a host by IPv6',
      '1 connect(3, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 ENETUNREACH (Network is unreachable)\n',
      '',
      'the connection to [2001:db8::1]:80 failed',
    ],
    [
      'a server beside the app',
      connect(6379, '127.0.0.1', REFUSED),
      '',
      'no program listens on 127.0.0.1:6379',
    ],
  ])('%s', async (_, lines, printed, lack) => {
    expect(await lackOf(lines, printed)).toBe(lack);
  });

  test.each([
    ['a connection that succeeds', connect(80, '127.0.0.1', '0'), ''],
    ['a connection under way', connect(80, '127.0.0.1', '-1 EINPROGRESS (Operation now in progress)'), ''],
    [
      'a socket of the file system',
      '1 connect(3, {sa_family=AF_UNIX, sun_path="/run/x"}, 9) = -1 ENOENT (No such file or directory)\n',
      '',
    ],
    ['a message alone, without the resolver', '', 'unknown host'],
    ['the resolver alone', RESOLVER, 'bad option'],
  ])('is nothing where it shows %s', async (_, lines, printed) => {
    expect(await lackOf(lines, printed)).toBeNull();
  });

  test('is taken from what it prints where no trace can be had', () => {
    expect(networkLack(null, 'curl: (6) Could not resolve host: a')).toBe('the lookup of a name failed');
    expect(networkLack(null, 'segmentation fault')).toBeNull();
  });
});

test('a failure that the workload expects by now is no fault of the run that showed it', () => {
  const output: Probe = { kind: 'output', ends: true, expect: null, expectExitCode: null };
  const workload: Workload = { ...USUAL, source: 'readme', ports: [], probes: [output] };
  const weaker: Workload = { ...workload, probes: [{ ...output, expectExitCode: 2 }] };
  const seen = {
    ready: true,
    lacking: null,
    startFault: null,
    exit: { exitCode: 2, outOfMemory: false },
    answers: [{ probe: output, answer: { status: 'exit code 2', text: '', fault: null } }],
    looked: [],
    lastOutput: '',
  };
  expect(judge(weaker, seen, null).fault).not.toBeNull();
  expect(judge(weaker, ofProbes(seen, weaker), null).fault).toBeNull();
});
