import { describe, expect, test } from 'vitest';
import { talkProbe } from '../../src/workload/line-talk.ts';

const PORTS = new Map([[11211, 1121]]);
const probeOf = (expected: string | null, words = ['telnet', 'localhost', '11211']) =>
  talkProbe({ words, input: null, expected }, PORTS);

describe('a talk with memcached', () => {
  test('sends what is typed, data too, and expects what comes', () => {
    const shown = [
      'Trying 127.0.0.1...',
      'Connected to localhost.',
      "Escape character is '^]'.",
      'set a 0 0 3',
      'get',
      'STORED',
      'get a',
      'VALUE a 0 3',
      'abc',
      'END',
      'quit',
      'Connection closed by foreign host.',
    ];
    expect(probeOf(shown.join('\n'))).toEqual({
      kind: 'tcp',
      port: 1121,
      send: 'set a 0 0 3\r\nget\r\nget a\r\n',
      expect: 'STORED\nVALUE a 0 3\nabc\nEND',
    });
  });

  test('of which only the typing is shown expects what the original answers', () => {
    expect(probeOf('set test 0 0 1\n0\nincr test 1\nincr test 1')).toMatchObject({
      send: 'set test 0 0 1\r\n0\r\nincr test 1\r\nincr test 1\r\n',
      expect: null,
    });
  });

  test('expects no figures of its statistics', () => {
    expect(probeOf('stats\nSTAT pid 1\nSTAT uptime 15\nEND')).toMatchObject({
      send: 'stats\r\n',
      expect: 'STAT pid\n...\nEND',
    });
  });
});

test.each(['220 welcome\nHELO x', 'Connection to localhost 11211 port [tcp/*] succeeded!', null])(
  'of any other talk only the connection is asked: %j',
  (shown) => {
    expect(probeOf(shown)).toEqual({ kind: 'tcp', port: 1121, send: '', expect: null });
  },
);

test('what is piped in is sent, and the text below is expected', () => {
  const command = { words: ['nc', 'localhost', '11211'], input: ['echo', 'version'], expected: 'VERSION 1' };
  expect(talkProbe(command, PORTS)).toMatchObject({ send: 'version\n', expect: 'VERSION 1' });
});

test('a port that is none of the app gives no probe', () => {
  expect(probeOf(null, ['nc', 'localhost', '1'])).toBeUndefined();
});
