import { describe, expect, test } from 'vitest';
import { overheardIn } from '../../src/workload/overheard.ts';

const heard = (text: string | Buffer) => overheardIn(80, Buffer.from(text));
const request = (rest: object) => ({
  kind: 'http',
  port: 80,
  method: 'GET',
  path: '/',
  type: null,
  body: null,
  ...rest,
});

describe('requests of one connection', () => {
  test('one after the other, with their bodies', () => {
    const sent = [
      'GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n',
      'POST /b HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nmoon',
      'HEAD /c HTTP/1.0\r\n\r\n',
    ];
    expect(heard(sent.join(''))).toEqual([
      request({ path: '/a?b=c' }),
      request({ method: 'POST', path: '/b', type: 'text/plain', body: 'moon' }),
      request({ method: 'HEAD', path: '/c' }),
    ]);
  });

  test.each([
    [
      'a body that is no text',
      Buffer.from('POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n\u00ff\u00fe', 'latin1'),
    ],
    ['a body that did not all arrive', 'POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nmoon'],
    ['a body in chunks', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nmoon\r\n0\r\n\r\n'],
  ])('are left out with %s', (_, sent) => {
    expect(heard(sent).filter(({ kind }) => kind === 'http')).toEqual([]);
  });

  test('end at a length that is no number', () => {
    const sent = 'GET /a HTTP/1.1\r\nContent-Length: x\r\n\r\nGET /b HTTP/1.1\r\n\r\n';
    expect(heard(sent).length).toBeLessThan(2);
  });
});

test('what is no request is text to send', () => {
  expect(heard('PING\r\n')).toEqual([{ kind: 'tcp', port: 80, send: 'PING\r\n' }]);
});

test.each([
  ['nothing', ''],
  ['a zero byte', 'a\0b'],
  ['other bytes than text', Buffer.from([0xff, 0xfe])],
])('no probe can send %s', (_, sent) => {
  expect(heard(sent)).toEqual([]);
});
