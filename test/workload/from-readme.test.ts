import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { workloadFromReadme } from '../../src/workload/from-readme.ts';
import { DEFAULT_LIMITS } from '../../src/workload/workload.ts';

const FIXTURES = join(import.meta.dirname, '../../catalog-fixtures');
const block = (...lines: string[]) => ['```bash', ...lines, '```', ''].join('\n');
const HTTP = {
  kind: 'http',
  tls: false,
  method: 'GET',
  path: '/',
  headers: {},
  body: null,
  showsHead: false,
  follows: false,
};

describe('the README of', () => {
  test.each([
    ['examples/helloworld-gcc12', [], [{ kind: 'output', expect: 'Hello, World!' }]],
    ['examples/helloworld-musl', [], [{ kind: 'output', expect: 'Hello, World!' }]],
    ['examples/helloworld-rpath', [], [{ kind: 'output', expect: 'Hello from a library of its own!' }]],
    ['examples/helloworld-wrapper', [], [{ kind: 'output', expect: 'Good morning, World!' }]],
    ['examples/httpserver-gcc12', [8080], [{ ...HTTP, port: 8080, expect: null }]],
    [
      'library/lua/5.4',
      [],
      [{ kind: 'output', expect: 'Lua 5.4: 15 primes below 50\n2 3 5 7 11 13 17 19 23 29 31 37 41 43 47' }],
    ],
    ['library/nginx/1.22', [80], [{ ...HTTP, port: 80, expect: null }]],
    ['library/redis/7.0', [6379], [{ kind: 'tcp', port: 6379, send: 'PING\r\n', expect: '+PONG' }]],
    ['library/sqlite/3.40', [], [{ kind: 'output', expect: 'Earth|1|3475\nJupiter|4|5268\nSaturn|2|5150' }]],
    ['native/helloworld-c', [], [{ kind: 'output', expect: 'Hello, World!' }]],
  ])('%s', async (entry, ports, probes) => {
    const readme = await readFile(join(FIXTURES, entry, 'README.md'), 'utf8');
    expect(workloadFromReadme(readme)).toEqual({ source: 'readme', ports, probes, limits: DEFAULT_LIMITS });
  });
});

describe('without a line that uses the app', () => {
  test('a README that says nothing gives a program that runs once', () => {
    expect(workloadFromReadme('# App\n')).toMatchObject({
      source: 'derived',
      ports: [],
      probes: [{ kind: 'output', expect: null }],
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

  test('go by the ports of the first kraft run', () => {
    const text = block('kraft run -p 1:2 .') + block('curl localhost:1') + block('kraft run -p 1:3 .');
    expect(workloadFromReadme(text)).toMatchObject({ ports: [2], probes: [{ port: 2 }] });
  });
});
