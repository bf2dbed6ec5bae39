import { expect, test } from 'vitest';
import { libgcc } from '../../../src/analysis/rules/libgcc.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

test.each(['pthread_exit', 'pthread_cancel', 'backtrace'])('%s makes glibc open libgcc_s', async (symbol) => {
  expect((await heldBy(libgcc, { tree: {}, imports: [symbol] })).libraries).toEqual(['libgcc_s.so.1']);
  expect(await heldBy(libgcc, { tree: {}, imports: [symbol], libc: 'musl' })).toEqual(NOTHING_HELD);
});

test('threads that only end by returning need no libgcc_s', async () => {
  expect(await heldBy(libgcc, { tree: {}, imports: ['pthread_create', 'pthread_join'] })).toEqual(
    NOTHING_HELD,
  );
});
