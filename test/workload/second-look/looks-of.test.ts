import { describe, expect, test } from 'vitest';
import type { ClientProbe, HttpProbe, Probe, TcpProbe } from '../../../src/workload/probe.ts';
import { MAX_LOOKS } from '../../../src/workload/second-look/look.ts';
import { looksOf } from '../../../src/workload/second-look/looks-of.ts';
import { USUAL } from '../../../src/workload/workload.ts';

const GET: HttpProbe = {
  kind: 'http',
  port: 8080,
  tls: false,
  method: 'GET',
  path: '/shown',
  headers: { host: 'example.org' },
  body: null,
  expectStatus: 200,
  expect: 'hello',
  showsHead: true,
  follows: true,
};
const TALK: TcpProbe = { kind: 'tcp', port: 7, send: 'hi\n', expect: 'hi' };
const client = (...command: string[]): ClientProbe => ({
  kind: 'client',
  command,
  image: null,
  env: {},
  input: null,
  expect: '1',
  expectExitCode: 0,
});

const looks = (probes: readonly Probe[], ports: readonly number[] = [8080]) =>
  looksOf({ ...USUAL, source: 'readme', ports, probes });
const methods = (probes: readonly Probe[]) =>
  looks(probes).flatMap(({ probe }) => (probe.kind === 'http' ? [probe.method] : []));
const sent = (probes: readonly Probe[], ports: readonly number[] = [8080]) =>
  looks(probes, ports).map(({ probe }) => (probe.kind === 'tcp' ? probe.send : ''));
const inputs = (...command: string[]) =>
  looks([client(...command)]).map(({ probe }) => (probe.kind === 'client' ? probe : null));

describe('the cases of an app', () => {
  test.each<[string, Probe]>([
    ['over HTTP', GET],
    ['over TLS', { ...GET, tls: true }],
    ['over TCP', TALK],
    ['that is a Redis', { ...TALK, send: 'PING\r\n' }],
    ['that is a memcached', { ...TALK, send: 'version\r\n' }],
    ['that is a MariaDB', client('mysql', '-h', '127.0.0.1')],
    ['that is a PostgreSQL', client('psql', '-h', '127.0.0.1')],
  ])('%s are at least 3 and at most 16, each with a unique title', (_, probe) => {
    const titles = looks([probe]).map(({ title }) => title);
    expect(titles.length).toBeGreaterThanOrEqual(3);
    expect(titles.length).toBeLessThanOrEqual(MAX_LOOKS);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test('without ports are none', () => {
    expect(looks([{ kind: 'output', ends: true, expect: null, expectExitCode: null }], [])).toEqual([]);
  });

  test('expect nothing: the full root file system says what is right', () => {
    for (const { probe } of looks([GET, TALK, client('mysql')])) expect(probe.expect).toBeNull();
  });
});

describe('over HTTP', () => {
  test('the cases that may change the state of the app are the last', () => {
    const all = methods([GET]);
    expect(all.slice(-2)).toEqual(['POST', 'DELETE']);
    expect(new Set(all.slice(0, -2))).toEqual(new Set(['HEAD', 'GET', 'OPTIONS']));
  });

  test('the headers of the README stay', () => {
    const [head] = looks([GET]);
    expect(head?.probe).toMatchObject({ method: 'HEAD', path: '/shown', headers: { host: 'example.org' } });
  });

  test('a port that speaks TLS gets no case in plain text', () => {
    expect(looks([{ ...GET, tls: true }]).map(({ probe }) => probe.kind)).not.toContain('tcp');
  });

  test('a port that both kinds of probe ask gets the cases of HTTP alone', () => {
    expect(looks([{ ...TALK, port: 8080 }, GET])).toEqual(looks([GET]));
    expect(looks([TALK, GET]).length).toBeGreaterThan(looks([GET]).length);
  });
});

describe('a store', () => {
  test('is known by its client, on the port that this asks', () => {
    const ports = [6380];
    expect(sent([client('redis-cli', '-p', '6380', 'ping')], ports)[0]).toBe('ECHO hello\r\nQUIT\r\n');
    expect(looks([client('redis-cli', '-p', '6380', 'ping')], ports)[0]?.probe).toMatchObject({ port: 6380 });
    expect(looks([client('redis-cli', 'ping')], ports)).toEqual([]);
  });

  test('is known by its port, or by what is sent to it', () => {
    expect(sent([{ ...TALK, port: 11_211, send: '' }])[0]).toBe('version\r\nquit\r\n');
    expect(sent([{ ...TALK, send: '*1\r\n$4\r\nPING\r\n' }])[0]).toBe('ECHO hello\r\nQUIT\r\n');
    expect(sent([TALK])[0]).toBe('hi\n');
  });
});

describe('a database is asked through the client of the README', () => {
  test('which reads the statements of the cases instead of its usual input', () => {
    for (const own of [['-e', 'SELECT 1'], ['--execute=SELECT 1'], ['--execute', 'SELECT 1']]) {
      const [first] = inputs('/usr/bin/mysql', '-h', '127.0.0.1', ...own, 'shop');
      expect(first?.command).toEqual(['/usr/bin/mysql', '-h', '127.0.0.1', 'shop']);
      expect(first?.input).toContain('information_schema');
    }
    expect(inputs('psql', '-c', 'SELECT 1', '-U', 'postgres')[0]?.command).toEqual([
      'psql',
      '-U',
      'postgres',
    ]);
  });

  test('and not where the client is another', () => {
    expect(inputs('mysqladmin', 'ping')).toEqual([]);
  });
});
