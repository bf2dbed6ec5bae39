import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readmeRuns } from '../../src/entry/readme-runs.ts';
import { unreadLines, workloadFromReadme } from '../../src/workload/from-readme.ts';
import { DEFAULT_LIMITS } from '../../src/workload/workload.ts';

const FIXTURES = join(import.meta.dirname, '../../catalog-fixtures');
const OUTPUT = { kind: 'output', ends: true, expectExitCode: null };
const block = (...lines: string[]) => ['```bash', ...lines, '```', ''].join('\n');
const HTTP = {
  kind: 'http',
  tls: false,
  method: 'GET',
  path: '/',
  headers: {},
  body: null,
  expectStatus: null,
  showsHead: false,
  follows: false,
};

describe('the README of', () => {
  test.each([
    ['examples/helloworld-gcc12', [], [{ ...OUTPUT, expect: 'Hello, World!' }]],
    ['examples/helloworld-musl', [], [{ ...OUTPUT, expect: 'Hello, World!' }]],
    ['examples/helloworld-rpath', [], [{ ...OUTPUT, expect: 'Hello from a library of its own!' }]],
    ['examples/helloworld-wrapper', [], [{ ...OUTPUT, expect: 'Good morning, World!' }]],
    ['examples/httpserver-gcc12', [8080], [{ ...HTTP, port: 8080, expect: null }]],
    [
      'library/lua/5.4',
      [],
      [{ ...OUTPUT, expect: 'Lua 5.4: 15 primes below 50\n2 3 5 7 11 13 17 19 23 29 31 37 41 43 47' }],
    ],
    ['library/nginx/1.22', [80], [{ ...HTTP, port: 80, expect: null }]],
    [
      'library/redis/7.0',
      [6379],
      [
        { kind: 'client', command: ['redis-cli', '-h', '127.0.0.1', 'set', 'planet', 'venus'], expect: 'OK' },
        { kind: 'client', command: ['redis-cli', '-h', '127.0.0.1', 'get', 'planet'], expect: 'venus' },
        { kind: 'tcp', port: 6379, send: 'PING\r\n', expect: '+PONG' },
      ],
    ],
    [
      'library/memcached/1.6',
      [11211],
      [
        {
          kind: 'tcp',
          port: 11211,
          send: 'set moon 0 0 4\r\nluna\r\nget moon\r\n',
          expect: 'STORED\nVALUE moon 0 4\nluna\nEND',
        },
      ],
    ],
    [
      'library/haproxy/2.6',
      [8080],
      [
        { ...HTTP, port: 8080, path: '/', expect: 'Ask for a planet: /earth, /mars or /neptune.' },
        { ...HTTP, port: 8080, path: '/neptune' },
      ],
    ],
    ['library/php/8.2', [8080], [{ ...HTTP, port: 8080, path: '/?planet=jupiter' }]],
    [
      'library/mariadb/10.11',
      [3306],
      [{ kind: 'client', image: null, expect: 'name\tdiameter_km\nEuropa\t3122\nIo\t3643' }],
    ],
    ['library/sqlite/3.40', [], [{ ...OUTPUT, expect: 'Earth|1|3475\nJupiter|4|5268\nSaturn|2|5150' }]],
    ['native/helloworld-c', [], [{ ...OUTPUT, expect: 'Hello, World!' }]],
  ])('%s', async (entry, ports, probes) => {
    const readme = await readFile(join(FIXTURES, entry, 'README.md'), 'utf8');
    expect(workloadFromReadme(readme)).toMatchObject({ source: 'readme', ports, probes });
  });
});

describe('without a line that uses the app', () => {
  test('a README that says nothing gives a program that runs once', () => {
    expect(workloadFromReadme('# App\n')).toMatchObject({
      source: 'derived',
      ports: [],
      probes: [{ ...OUTPUT, expect: null }],
    });
  });

  test('every port has to accept a connection, once', () => {
    expect(workloadFromReadme(block('kraft run -p 1:2 -p 3:4 -p 5:2 .'))).toMatchObject({
      source: 'derived',
      ports: [2, 4],
      probes: [
        { kind: 'tcp', port: 2, send: '', expect: null },
        { kind: 'tcp', port: 4, send: '', expect: null },
      ],
    });
  });

  test('a line that asks another port does not count', () => {
    const text = block('kraft run -p 1:2 .') + block('curl localhost:9', 'nc localhost 2');
    expect(workloadFromReadme(text).source).toBe('derived');
  });
});

describe('the probes', () => {
  const probesOf = (...lines: string[]) =>
    workloadFromReadme(block('kraft run -p 8080:80 -p 7:77 .') + block(...lines)).probes;

  test('come in the order of their lines, each with what is expected of it', () => {
    expect(probesOf('curl localhost:8080/a', 'one', 'curl localhost:8080/b', 'two')).toMatchObject([
      { path: '/a', expect: 'one' },
      { path: '/b', expect: 'two' },
    ]);
  });

  test.each([
    ['nc localhost 7', ''],
    ['telnet localhost 7', ''],
    ["printf 'a\\tb\\r\\n\\\\' | nc localhost 7", 'a\tb\r\n\\'],
    ["printf 'a\\x' | nc localhost 7", 'a\\x'],
    ['echo hello world | nc -w 1 localhost 7', 'hello world\n'],
  ])('%s sends %j', (line, send) => {
    expect(probesOf(line)).toEqual([{ kind: 'tcp', port: 77, send, expect: null }]);
  });

  test('use the ports of the first kraft run', () => {
    const text = block('kraft run -p 1:2 .') + block('curl localhost:1') + block('kraft run -p 1:3 .');
    expect(workloadFromReadme(text)).toMatchObject({ ports: [2], probes: [{ port: 2 }] });
  });
});

describe('the rest of a workload', () => {
  test('is what is usual', () => {
    expect(workloadFromReadme('')).toMatchObject({
      readyLine: null,
      services: [],
      network: 'none',
      runs: 2,
      limits: DEFAULT_LIMITS,
    });
  });

  test.each([
    ['256M', 256e6],
    ['1Gi', 1024 ** 3],
    ['32M', 64 * 1024 ** 2],
  ])('has the memory that Unikraft would give with -M %s, 64 MiB at least', (memory, memoryBytes) => {
    const { limits } = workloadFromReadme(block(`kraft run -M ${memory} .`));
    expect(limits).toEqual({ ...DEFAULT_LIMITS, memoryBytes });
  });
});

describe('several Kraftfiles beside one README', () => {
  const text =
    block('kraft run -K Kraftfile.a -p 1:2 .', 'curl localhost:1/a') +
    block('kraft run -K Kraftfile.b .', 'printed');

  test('each have the probes below the line that names them', () => {
    expect(workloadFromReadme(text, 'Kraftfile.a')).toMatchObject({ ports: [2], probes: [{ path: '/a' }] });
    expect(workloadFromReadme(text, 'Kraftfile.b')).toMatchObject({
      source: 'readme',
      ports: [],
      probes: [{ kind: 'output', expect: 'printed' }],
    });
  });

  test('have a derived one where no line is of theirs', () => {
    expect(workloadFromReadme(text, 'Kraftfile.c')).toMatchObject({ source: 'derived', ports: [] });
  });
});

test('each tool gives its kind of probe', () => {
  const ports = ['8080:80', '6379:6379', '3306:3306', '5432:5432', '7:7'].map((one) => `-p ${one}`).join(' ');
  const lines = [
    'curl localhost:8080',
    'wget -qO- localhost:8080',
    'nc localhost 7',
    'telnet localhost 7',
    'redis-cli ping',
    'mysql -e x',
    'mariadb -e x',
    'mysqladmin ping',
    'mariadb-admin ping',
    'psql -c x',
  ];
  const { probes } = workloadFromReadme(block(`kraft run ${ports} .`, ...lines));
  const kinds = probes.map((probe) => (probe.kind === 'client' ? probe.command[0] : probe.kind));
  expect(kinds).toEqual([
    'http',
    'http',
    'tcp',
    'tcp',
    'redis-cli',
    'mysql',
    'mariadb',
    'mysqladmin',
    'mariadb-admin',
    'psql',
  ]);
});

describe('a line that asks this machine and is not understood', () => {
  const unread = (...lines: string[]) =>
    unreadLines(readmeRuns(block('kraft run -p 8080:80 .') + lines.map((line) => block(line)).join(''))[0]);

  test.each([
    ['of a program that is not known', 'dig @127.0.0.1 -p 53 example.org'],
    ['of a port that the app does not have', 'curl localhost:9999/x'],
  ])('is named: %s', (_, line) => {
    expect(unread(line)).toEqual([line]);
  });

  test.each([
    ['that is a probe', 'curl localhost:8080/'],
    ['that asks another machine', 'curl https://get.kraftkit.sh'],
    ['that asks nothing', 'cd examples'],
    ['that runs the app', 'kraft run -p 127.0.0.1:8080:80 .'],
  ])('is none: a line %s', (_, line) => {
    expect(unread(line)).toEqual([]);
  });
});
