import { describe, expect, test } from 'vitest';
import { redisTalkOf, wholeReplies } from '../../src/workload/redis-talk.ts';

const line = (...command: string[]) => ({
  command: ['redis-cli', '-h', '127.0.0.1', ...command],
  input: null,
});
const typed = (input: string) => ({ command: ['redis-cli', '-h', '127.0.0.1'], input });

describe('a redis-cli line', () => {
  test.each([
    [line('PING'), [['PING']]],
    [line('--raw', 'set', 'moon', 'Io and Europa'), [['set', 'moon', 'Io and Europa']]],
    [
      typed('SET moon "Io and \\"Europa\\""\n\nGET moon\n'),
      [
        ['SET', 'moon', 'Io and "Europa"'],
        ['GET', 'moon'],
      ],
    ],
  ])('is one command or several', (client, commands) => {
    expect(redisTalkOf(client)).toEqual({ port: 6379, commands });
  });

  test('names a port', () => {
    expect(redisTalkOf(line('-p', '7000', 'PING'))?.port).toBe(7000);
  });

  test.each([
    { command: ['mysql', '-e', 'SELECT 1'], input: null },
    line('--tls', 'PING'),
    line('-r', '3', 'PING'),
    line('SUBSCRIBE', 'moons'),
    line(),
    typed('SET moon "Io\n'),
  ])('is not said where it is more than commands: $command $input', (client) => {
    expect(redisTalkOf(client)).toBeUndefined();
  });
});

describe('replies', () => {
  test('are whole only when all have come, wherever they are cut', () => {
    const bytes = Buffer.from('+OK\r\n$5\r\nhello\r\n*2\r\n:1\r\n$-1\r\n');
    for (let at = 0; at < bytes.length; at += 1) expect(wholeReplies(bytes.subarray(0, at), 3)).toBeNull();
    expect(wholeReplies(bytes, 3)).toEqual(['OK\n', 'hello\n', '1\n\n']);
  });

  test('of another protocol are no replies', () => {
    expect(() => wholeReplies(Buffer.from('HTTP/1.1 400 Bad Request\r\n'), 1)).toThrow('protocol of Redis');
  });
});
