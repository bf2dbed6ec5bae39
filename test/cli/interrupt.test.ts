import { expect, test } from 'vitest';
import { interruptedLine } from '../../src/cli/interrupt.ts';
import { main } from '../../src/cli/main.ts';
import { captured } from '../support/capture.ts';
import { catalogOf } from '../support/catalog.ts';
import { schemaFaults } from '../support/schemas.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

/** Runs a command that is interrupted before it has done anything. */
async function interruptAtOnce(words: readonly string[]) {
  let exitCode: number | undefined;
  const output = await captured(async () => {
    const ended = main(words);
    process.emit('SIGINT');
    exitCode = await ended;
  });
  return { ...output, exitCode };
}

test.each([
  ['an entry', (path: string) => [`${path}/${APP}`]],
  ['several entries', (path: string) => [`${path}/${APP}`, `${path}/examples/other`]],
  ['a sweep', (path: string) => ['sweep', path]],
  ['a removal', () => ['clean']],
  ['a pull request', (path: string) => ['refresh', `${path}/${APP}`, '--dry-run']],
])('%s that is interrupted before the first result prints one document that says so', async (_, words) => {
  await using catalog = await catalogOf(smallEntry());
  const { stdout, exitCode } = await interruptAtOnce([...words(catalog.path), '--json']);
  const document = JSON.parse(stdout);
  expect(schemaFaults(document)).toEqual([]);
  expect(document).toMatchObject({ schema: 'kraft-slim/error/1', code: 'interrupted' });
  expect(exitCode).toBe(130);
  expect(await catalog.status()).toEqual([]);
});

test('the last line says how far an interrupted run has come, and how to go on', async () => {
  await using catalog = await catalogOf(smallEntry());
  const { stdout, stderr } = await interruptAtOnce(['sweep', catalog.path]);
  expect(stdout).toContain('0 slimmed');
  expect(stderr.trim().split('\n').at(-1)).toBe(interruptedLine({ done: 0, of: 1 }));
});

test('signals are as before when a run is over', async () => {
  const before = process.listenerCount('SIGINT');
  await using catalog = await catalogOf(smallEntry());
  await captured(async () => void (await main(['check', `${catalog.path}/nowhere`])));
  expect(process.listenerCount('SIGINT')).toBe(before);
});
