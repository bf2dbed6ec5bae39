import { describe, expect, test } from 'vitest';
import { shellWords } from '../../src/entry/shell-line.ts';
import { redisProbe } from '../../src/workload/redis-cli.ts';

const PORTS = new Map([
  [6379, 6379],
  [7000, 6380],
]);
const probeOf = (line: string, expected: string | null = null, input: string[] | null = null) =>
  redisProbe({ words: shellWords(line), env: {}, input, expected }, PORTS);
const commandOf = (line: string) => probeOf(line)?.command.join(' ');

test('a command is a client beside the app', () => {
  expect(probeOf('redis-cli set a 1', 'OK')).toEqual({
    kind: 'client',
    command: ['redis-cli', '-h', '127.0.0.1', 'set', 'a', '1'],
    image: null,
    env: {},
    input: null,
    expect: 'OK',
    expectExitCode: null,
  });
});

test.each([
  ['redis-cli -h 172.44.0.2 -p 6379 ping', 'redis-cli -h 127.0.0.1 ping'],
  ['redis-cli -p 7000 -h localhost ping', 'redis-cli -h 127.0.0.1 -p 6380 ping'],
  ['redis-cli -a secret -n 1 ping', 'redis-cli -h 127.0.0.1 -a secret -n 1 ping'],
  ['redis-cli --raw lrange a -h 1', 'redis-cli -h 127.0.0.1 --raw lrange a -h 1'],
  ['redis-cli -u redis://me:pw@localhost:7000/2 ping', 'redis-cli -u redis://me:pw@127.0.0.1:6380/2 ping'],
  ['redis-cli -u redis://localhost ping', 'redis-cli -u redis://127.0.0.1:6379 ping'],
])('%s gets the loopback and the port of the app', (line, command) => {
  expect(commandOf(line)).toBe(command);
});

test.each([
  'redis-cli -p 1 ping',
  'redis-cli -u redis://localhost:1 ping',
  'redis-cli --latency',
  'redis-cli --bigkeys -h localhost',
  'redis-cli ping > file',
  'redis-cli ping && echo x',
  'redis-cli set a 1; redis-cli get a',
])('%s gives no probe', (line) => {
  expect(probeOf(line)).toBeUndefined();
});

test('the default port has to be one of the app', () => {
  const command = { words: ['redis-cli', 'ping'], env: {}, input: null, expected: null };
  expect(redisProbe(command, new Map([[7000, 6379]]))).toBeUndefined();
});

test.each([
  ['"1"', '1'],
  ['"a\\"b\\nc"', 'a"b\nc'],
  ['(integer) 2', '2'],
  ['(nil)', ''],
  ['1) "a"\n2) (integer) 3', 'a\n3'],
  ['1) 1) "a"', 'a'],
  ['(error) ERR no', 'ERR no\n...'],
  ['PONG', 'PONG'],
])('what a terminal shows as %j comes as %j', (shown, raw) => {
  expect(probeOf('redis-cli get a', shown)?.expect).toBe(raw);
});

describe('used by hand', () => {
  test('it reads what is typed at the prompts', () => {
    const session =
      '127.0.0.1:6379> set a 1\nOK\n127.0.0.1:6379> get a\n"1"\n127.0.0.1:6379> exit\n127.0.0.1:6379>';
    expect(probeOf('redis-cli -h localhost', session)).toMatchObject({
      command: ['redis-cli', '-h', '127.0.0.1'],
      input: 'set a 1\nget a\n',
      expect: 'OK\n...\n1',
    });
  });

  test('it expects nothing where no answer is shown', () => {
    expect(probeOf('redis-cli', 'redis[1]> set a 1')).toMatchObject({ input: 'set a 1\n', expect: null });
  });

  test('without a session it asks whether someone is there', () => {
    expect(probeOf('redis-cli')).toMatchObject({ input: 'PING\n', expect: 'PONG' });
  });

  test('it reads what is piped in', () => {
    expect(probeOf('redis-cli', 'PONG', ['echo', 'ping'])).toMatchObject({ input: 'ping\n', expect: 'PONG' });
  });
});
