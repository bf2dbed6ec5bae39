import { describe, expect, test } from 'vitest';
import { shellWords } from '../../src/entry/shell-line.ts';
import { curlProbe } from '../../src/workload/curl.ts';

const PORTS = new Map([
  [8080, 80],
  [8443, 443],
  [80, 8000],
  [443, 8001],
]);
const probeOf = (line: string) => curlProbe({ words: shellWords(line), expected: 'text' }, PORTS);

test('a plain line is a GET of the port behind the one it names', () => {
  expect(probeOf('curl localhost:8080')).toEqual({
    kind: 'http',
    port: 80,
    tls: false,
    method: 'GET',
    path: '/',
    headers: {},
    body: null,
    expectStatus: null,
    expect: 'text',
    showsHead: false,
    follows: false,
  });
});

describe('the address', () => {
  test.each([
    ['curl http://localhost:8080/a/b?c=d', { port: 80, path: '/a/b?c=d', tls: false }],
    ['curl https://localhost:8443/', { port: 443, tls: true }],
    ['curl localhost', { port: 8000, tls: false }],
    ['curl -k https://localhost', { port: 8001, tls: true }],
    ['curl 127.0.0.1:8080/x', { port: 80, path: '/x' }],
    ['curl --connect-timeout 5 localhost:8080', { port: 80 }],
    ["curl -w '%{http_code}' localhost:8080", { port: 80 }],
    ['curl -o /dev/null -m 5 localhost:8080', { port: 80 }],
    ['curl https://young-night-5f.fra.unikraft.app/a?b=c', { port: 8001, path: '/a?b=c', tls: false }],
    ['curl https://<NAME>.<METRO>.kraft.host/hello', { port: 8001, path: '/hello', tls: false }],
    ['curl https://a.was1.kraft.host:8443', { port: 443, tls: false }],
    ['curl https://a.sin0.kraft.cloud', { port: 8001, tls: false }],
    ['curl https://<FQDN>/\\?key\\=a', { port: 8001, path: '/?key=a', tls: false }],
    ['curl "https://$FQDN/a"', { port: 8001, path: '/a', tls: false }],
    ['curl http://${ADDRESS}:8080/a', { port: 80, path: '/a', tls: false }],
  ])('of %s', (line, expected) => {
    expect(probeOf(line)).toMatchObject(expected);
  });

  test.each([
    'curl localhost:9999',
    'curl https://example.org:444',
    'curl https://api.fra.unikraft.cloud/v1',
    'curl -LO https://example.org/a.tar.gz',
    'curl https://api.fra0.kraft.cloud:444/v1',
    'curl',
    'curl -o localhost:8080',
  ])('of %s is no port of the app', (line) => {
    expect(probeOf(line)).toBeUndefined();
  });
});

describe('an address without a port', () => {
  const probe = (line: string, ports: [number, number][]) =>
    curlProbe({ words: shellWords(line), expected: null }, new Map(ports));

  test('is the only port that the app has', () => {
    expect(probe('curl localhost/a', [[3000, 30]])).toMatchObject({ port: 30, path: '/a' });
  });

  test('is none of several, nor of another machine', () => {
    expect(
      probe('curl localhost', [
        [3000, 30],
        [3001, 31],
      ]),
    ).toBeUndefined();
    expect(probe('curl example.org', [[3000, 30]])).toBeUndefined();
  });
});

describe('what is sent', () => {
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
  test.each([
    ['-X PUT', { method: 'PUT', body: null }],
    ['-XDELETE', { method: 'DELETE' }],
    ['-I', { method: 'HEAD', showsHead: true }],
    ['-i', { method: 'GET', showsHead: true }],
    ['-sSf', { method: 'GET', showsHead: false, follows: false }],
    ['-sSfL', { method: 'GET', showsHead: false, follows: true }],
    ['-u me:pass', { headers: { authorization: 'Basic bWU6cGFzcw==' } }],
    ['-A Mozilla/5.0', { headers: { 'user-agent': 'Mozilla/5.0' } }],
    ['--data-binary a=1', { method: 'POST', body: 'a=1', headers: FORM }],
    ['--data-raw @a', { method: 'POST', body: '@a' }],
    ['-d a=1 -d b=2', { method: 'POST', body: 'a=1&b=2', headers: FORM }],
    ['--data-raw a=1', { method: 'POST', body: 'a=1', headers: FORM }],
    ['-X PATCH -d a', { method: 'PATCH', body: 'a', headers: FORM }],
    [
      `--json '{"a":1}'`,
      { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } },
    ],
    [
      `-H 'Content-Type: text/plain' -H "X-A:  b:c" -d x`,
      { headers: { 'content-type': 'text/plain', 'x-a': 'b:c' }, body: 'x' },
    ],
  ])('with %s', (options, expected) => {
    expect(probeOf(`curl ${options} localhost:8080`)).toMatchObject(expected);
    expect(probeOf(`curl localhost:8080 ${options}`)).toMatchObject(expected);
  });
});

describe('there is no probe', () => {
  test.each(['-d @file', '--data-binary @file', '--json @file'])(
    'where the body is in a file: %s',
    (options) => {
      expect(probeOf(`curl ${options} localhost:8080`)).toBeUndefined();
    },
  );

  test.each([
    '-F a=b',
    '-T file',
    '-x example.org:3128',
    '--proxy example.org:3128',
    '-G -d a=b',
    '--data-urlencode a=b',
    '--http2',
  ])('where an option asks in an unknown way: %s', (options) => {
    expect(probeOf(`curl ${options} localhost:8080`)).toBeUndefined();
  });
});
