import { hostname } from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { scopeOfRun } from '../../src/shared/scope.ts';
import { helperReference } from '../../src/workload/helper-images.ts';

vi.mock('node:os', async (original) => {
  const os = await original<typeof import('node:os')>();
  return { ...os, hostname: vi.fn(os.hostname) };
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.mocked(hostname).mockReset();
});

/** A tag, by the grammar of the distribution project. */
const REFERENCE = /^[a-z/-]+:\w[\w.-]{0,127}$/;

describe('the scope of a run', () => {
  test.each(['ci', 'a', 'build-4.x_7', 'a'.repeat(64)])('is %j as KRAFT_SLIM_SCOPE says', (name) => {
    vi.stubEnv('KRAFT_SLIM_SCOPE', name);
    expect(scopeOfRun()).toEqual({ name, named: true });
    expect(helperReference('sidecar')).toMatch(REFERENCE);
  });

  test.each([
    ['build', 'build'],
    ['Büro.example.org', 'b-ro.example.org'],
    ['-', 'host'],
    ['x'.repeat(200), 'x'.repeat(48)],
  ])('is the user of the machine %j where nothing names one', (name, host) => {
    vi.stubEnv('KRAFT_SLIM_SCOPE', '');
    vi.mocked(hostname).mockReturnValue(name);
    expect(scopeOfRun()).toEqual({ name: `${host}-${process.getuid?.()}`, named: false });
    expect(helperReference('empty')).toMatch(REFERENCE);
  });

  test.each(['A', 'a b', '../a', '-a', 'a-', 'a/b', 'a'.repeat(65), 'a\n'])('is never %j', (name) => {
    vi.stubEnv('KRAFT_SLIM_SCOPE', name);
    expect(() => scopeOfRun()).toThrow('it is not a valid scope name');
  });
});
