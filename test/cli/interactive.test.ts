import { CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';

beforeEach(() => {
  for (const stream of [process.stdin, process.stderr])
    Object.defineProperty(stream, 'isTTY', { value: true, configurable: true });
  vi.stubEnv('CI', '');
});
afterEach(() => {
  for (const stream of [process.stdin, process.stderr]) Reflect.deleteProperty(stream, 'isTTY');
  vi.unstubAllEnvs();
});

function refusal(...args: string[]): string | null {
  try {
    createProgram(() => undefined).parse(['--interactive', ...args], { from: 'user' });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.message;
  }
}

test('--interactive is for a person at a terminal, and one entry', () => {
  expect(refusal('a')).toBe(null);
});

describe('--interactive is refused', () => {
  test.each([
    [['--json', 'a'], '--json'],
    [['--quiet', 'a'], '--quiet'],
    [['--untrusted', 'a'], '--untrusted'],
    [['a', 'b'], 'exactly one entry'],
    [['sweep'], 'sweep'],
    [['verify', 'a'], 'verify'],
  ])('with %j', (args, why) => {
    expect(refusal(...args)).toContain(why);
  });

  test('where the environment distrusts every entry', () => {
    vi.stubEnv('KRAFT_SLIM_UNTRUSTED', '1');
    expect(refusal('a')).toContain('--untrusted');
  });

  test('in a CI run', () => {
    vi.stubEnv('CI', 'true');
    expect(refusal('a')).toContain('CI');
  });

  test('without a terminal', () => {
    Object.defineProperty(process.stdin, 'isTTY', { value: undefined, configurable: true });
    expect(refusal('a')).toContain('terminal');
  });
});
