import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isAlive, startTimeOf } from '../../src/shared/process.ts';

test('this process is alive, and started at a time', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(startTimeOf(process.pid)).toBeGreaterThan(0);
});

test('a number that no process has is dead', () => {
  // more than the largest number of a process, proc(5), kernel.pid_max
  expect(isAlive(2 ** 22 + 1)).toBe(false);
  expect(startTimeOf(2 ** 22 + 1)).toBeUndefined();
});

test('a process that has ended is dead, also while its parent has not waited for it', async () => {
  // the shell becomes a program that never waits for the child that the shell started
  const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [first] = (await once(parent.stdout, 'data')) as [Buffer];
  const child = Number(first.toString());
  await expect.poll(() => isAlive(child), { timeout: 30_000 }).toBe(false);
  expect(() => process.kill(child, 0)).not.toThrow();
  parent.kill('SIGKILL');
});
