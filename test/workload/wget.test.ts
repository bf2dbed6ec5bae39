import { describe, expect, test } from 'vitest';
import { shellWords } from '../../src/entry/shell-line.ts';
import { wgetProbe } from '../../src/workload/wget.ts';

const PORTS = new Map([
  [8080, 80],
  [8443, 443],
]);
const probeOf = (line: string) => wgetProbe({ words: shellWords(line), expected: 'text' }, PORTS);

test('a line that shows the answer is a GET, which follows redirections', () => {
  expect(probeOf('wget -qO- localhost:8080/a?b=c')).toEqual({
    kind: 'http',
    port: 80,
    tls: false,
    method: 'GET',
    path: '/a?b=c',
    headers: {},
    body: null,
    expectStatus: null,
    expect: 'text',
    showsHead: false,
    follows: true,
  });
});

test.each([
  ['-q -O - localhost:8080', { expect: 'text' }],
  ['--quiet --output-document=- localhost:8080', { expect: 'text' }],
  ['localhost:8080', { expect: null }],
  ['-O - localhost:8080', { expect: null }],
  ['-q localhost:8080', { expect: null }],
  ['-q -O- --spider localhost:8080', { method: 'HEAD', expect: null }],
  ['--no-check-certificate https://localhost:8443', { port: 443, tls: true }],
  ['-nv -T 5 -t 3 localhost:8080', { port: 80 }],
  [`--header='X-A: b' --header 'X-C: d' localhost:8080`, { headers: { 'x-a': 'b', 'x-c': 'd' } }],
  ['-U me localhost:8080', { headers: { 'user-agent': 'me' } }],
  [
    '--post-data a=1 localhost:8080',
    { method: 'POST', body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ],
  ['--method=PUT --body-data=x localhost:8080', { method: 'PUT', body: 'x' }],
])('wget %s', (line, expected) => {
  expect(probeOf(`wget ${line}`)).toMatchObject(expected);
});

describe('there is no probe', () => {
  test.each(['-r', '--post-file=a', '-i list', '--mirror', '-S'])(
    'where an option asks in an unknown way: %s',
    (options) => {
      expect(probeOf(`wget ${options} localhost:8080`)).toBeUndefined();
    },
  );

  test('where the port is none of the app', () => {
    expect(probeOf('wget -qO- localhost:9')).toBeUndefined();
  });
});
