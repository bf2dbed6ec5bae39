import { describe, expect, test } from 'vitest';
import { PLAIN_RUN, readKraftRun } from '../../src/entry/kraft-run.ts';
import { shellWords } from '../../src/entry/shell-line.ts';

const run = (line: string) => readKraftRun(shellWords(`kraft run ${line}`));

describe('a port', () => {
  test.each([
    ['-p 8080:80 .', 8080, 80],
    ['-p8080:80 .', 8080, 80],
    ['-p=8080:80 .', 8080, 80],
    ['-Wp 8080:80 .', 8080, 80],
    ['--port 8080:80 .', 8080, 80],
    ['--port=8080:80 .', 8080, 80],
    ['-p 127.0.0.1:8080:80/tcp .', 8080, 80],
    ['-p [::1]:8080:80/tcp .', 8080, 80],
    ['. -p 8080:80', 8080, 80],
  ])('%s', (line, host, guest) => {
    expect(run(line)).toEqual({ ...PLAIN_RUN, ports: [{ host, guest }] });
  });

  test('comes once for each flag, in order', () => {
    expect(run('-p 1:2 --plat qemu -p 3:4 .')?.ports).toEqual([
      { host: 1, guest: 2 },
      { host: 3, guest: 4 },
    ]);
  });

  test('of a range is each of it', () => {
    expect(run('-p 8080-8081:80-81/tcp .')?.ports).toEqual([
      { host: 8080, guest: 80 },
      { host: 8081, guest: 81 },
    ]);
  });

  test.each(['-p 9000-1:9000-1 .', '-p 1-60000:1-60000 .', '-p 80 .', '-p 53:53/udp .'])(
    'is none: %s',
    (line) => {
      expect(run(line)?.ports).toEqual([]);
    },
  );
});

test.each([
  '&',
  '# in the background',
  '> log 2>&1',
  '2>/dev/null',
  '&& curl localhost:8080',
  '| tee log',
  '; ls',
])('what only a shell understands ends the command: %s', (rest) => {
  expect(run(`-M 1Mi . ${rest}`)).toEqual({ ...PLAIN_RUN, memoryBytes: 2 ** 20 });
});

test('the environment is every NAME=value; a name alone is not known here', () => {
  expect(run("-e A=b -e 'B=c d=e' --env=C= -e PASSED_ON -e ==x .")?.env).toEqual({
    A: 'b',
    B: 'c d=e',
    C: '',
  });
});

test.each([
  ['-M 256M .', 256e6],
  ['-M512Mi .', 512 * 1024 ** 2],
  ['--memory=1G .', 1e9],
  ['. --memory 2Gi', 2 * 1024 ** 3],
  ['-M much .', null],
  ['.', null],
])('the memory of %s is %s', (line, bytes) => {
  expect(run(line)?.memoryBytes).toBe(bytes);
});

test('a volume is a host path, an absolute path of the guest, and whether it is read only', () => {
  expect(run('-v ./a:/b --volume=c:/d:ro -v ./e:/f:rw -v no -v a:b .')?.volumes).toEqual([
    { host: './a', guest: '/b', readOnly: false },
    { host: 'c', guest: '/d', readOnly: true },
    { host: './e', guest: '/f', readOnly: false },
  ]);
});

test.each([
  ['-K Kraftfile.ls .', 'Kraftfile.ls'],
  ['--kraftfile=a/Kraftfile', 'a/Kraftfile'],
  ['-K Kraftfile.<cmd> .', null],
  ['.', null],
])('the Kraftfile of %s is %s', (line, kraftfile) => {
  expect(run(line)?.kraftfile).toBe(kraftfile);
});

describe('the arguments', () => {
  test.each([
    ['. /bin/ls -- -l', ['/bin/ls', '-l']],
    ['--rm . -- /bin/ls -p 1:2', ['/bin/ls', '-p', '1:2']],
    ['unikraft.org/python:3.12 -M 256M /a.py', ['/a.py']],
    ['nginx:latest /nginx', ['/nginx']],
    ['-- /bin/ls', ['/bin/ls']],
  ])('of %s', (line, args) => {
    expect(run(line)?.args).toEqual(args);
  });

  test.each([
    '--rm --plat qemu --arch x86_64 -W -M 256M',
    '-n name --network bridge:virbr0 -m x86_64 -t target -r base:latest -a arg --as kernel app',
    '--initrd a --rootfs b --ip 1.2.3.4 --mac aa --prefix p --symbolic -d --no-start --log-level debug app',
    'unikraft.org/redis:7.0 -M 128M',
    '-p 8080:80 path/to/html:/nginx/html unikraft.org/nginx:1.15',
  ])('are none in %s', (line) => {
    expect(run(line)?.args).toBeNull();
  });
});

test.each(['kraft build .', 'kraft', 'docker run -p 1:2 .'])('%s is none', (line) => {
  expect(readKraftRun(shellWords(line))).toBeUndefined();
});

test('ports are of TCP, or of UDP where the mapping says so', () => {
  const words =
    'kraft run -p 8080:80 -p 53:53/udp -p 53:53/tcp -p 127.0.0.1:6000-6001:7000-7001/udp -p 9:9/sctp .';
  const run = readKraftRun(words.split(' '));
  expect(run?.ports).toEqual([
    { host: 8080, guest: 80 },
    { host: 53, guest: 53 },
  ]);
  expect(run?.udpPorts).toEqual([
    { host: 53, guest: 53 },
    { host: 6000, guest: 7000 },
    { host: 6001, guest: 7001 },
  ]);
});
