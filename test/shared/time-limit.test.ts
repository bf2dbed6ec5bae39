import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { timeLimit } from '../../src/shared/time-limit.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('a time limit ends what joins it with another signal, however often garbage is collected', async () => {
  const other = new AbortController().signal;
  const joined = Array.from({ length: 50 }, () => AbortSignal.any([other, timeLimit(200)]));
  for (let round = 0; round < 20; round += 1) {
    collectGarbage();
    await sleep(20);
  }
  expect(joined.filter(({ aborted }) => !aborted)).toEqual([]);
  expect(joined[0]?.reason).toMatchObject({ name: 'TimeoutError' });
});
