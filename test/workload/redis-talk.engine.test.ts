import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { redisTalkOf, talkRedis } from '../../src/workload/redis-talk.ts';
import { startRedis } from '../support/redis.ts';

test('what comes back is what redis-cli prints, byte for byte', async () => {
  await using server = await startRedis();
  const port = Number(new URL(server.url).port);
  const input = [
    'PING',
    'SET moon "Io and Europa"',
    'GET moon',
    'GET nothing',
    'RPUSH moons Io Europa "Ganymede ☾"',
    'LRANGE moons 0 -1',
    'LRANGE none 0 -1',
    'INCR count',
    'NONSENSE',
    'EVAL "return {1,{2,3},false}" 0',
    '',
  ].join('\n');
  const printed = execFileSync('redis-cli', ['-p', String(port)], { input, encoding: 'utf8' });
  await using other = await startRedis();
  const talk = redisTalkOf({ command: ['redis-cli', '-p', new URL(other.url).port], input });
  if (talk === undefined) throw new Error('the line is not understood');
  const open = async (to: number) => connect(to, '127.0.0.1');
  expect(await talkRedis(open, talk, AbortSignal.timeout(60_000))).toBe(printed);
});
