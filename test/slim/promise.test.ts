import { describe, expect, test } from 'vitest';
import { readMarker, writeMarker } from '../../src/dockerfile/marker.ts';
import type { Promised } from '../../src/shared/promises.ts';
import { holdable, isHeldBy, narrowedWarning, promiseOf } from '../../src/slim/promise.ts';

const markerOf = (promise: Promised | null, before: string | null = 'build') => {
  const fields = { before, minimal: 'none', promise, list: null } as const;
  const marker = readMarker(`FROM a\n${writeMarker('FROM a\n', 'FROM scratch\n', fields)}FROM scratch\n`);
  if (marker === null) throw new Error('there is no marker');
  return marker;
};

describe('the promise of an entry', () => {
  test.each([
    ['library', 'library/nginx/1.25', 'runtime'],
    ['library', 'nginx', 'runtime'],
    ['complete', 'library/redis', 'runtime'],
    ['complete', 'catalog/library/redis/7.2', 'runtime'],
    ['complete', 'examples/mylibrary/a', 'app'],
    ['complete', 'examples/http', 'app'],
    ['runtime-delta', 'examples/library', 'app'],
  ] as const)('of class %s at %s is %s', (entryClass, name, promise) => {
    expect(promiseOf({ class: entryClass, name }, {}, null)).toBe(promise);
  });

  test('is what the settings say', () => {
    const unit = { class: 'library', name: 'library/a' } as const;
    expect(promiseOf(unit, { promise: 'app' }, null)).toBe('app');
  });

  test.each([
    ['minimal', 'workload'],
    ['shrink', 'workload'],
    ['search-only', 'workload'],
    ['grow', 'app'],
  ] as const)('is under the search %s: %s', (strategy, promise) => {
    const unit = { class: 'complete', name: 'examples/a' } as const;
    expect(promiseOf(unit, { promise: 'app' }, { strategy })).toBe(promise);
  });
});

describe('a stage that the tool wrote', () => {
  test.each([
    [null, 'workload', false],
    ['workload', 'workload', true],
    ['workload', 'app', false],
    ['app', 'runtime', false],
    ['app', 'workload', true],
    ['runtime', 'app', true],
  ] as const)('with the promise %s holds %s: %s', (written, wanted, holds) => {
    expect(isHeldBy(markerOf(written), wanted)).toBe(holds);
  });

  test('below its original gains what it lacks', () => {
    expect(holdable(markerOf('workload'), 'runtime')).toBe('runtime');
    expect(holdable(null, 'runtime')).toBe('runtime');
    expect(narrowedWarning(markerOf('workload'), 'runtime')).toBeNull();
  });

  test.each([
    [null, 'workload'],
    ['app', 'app'],
  ] as const)(
    'in place of its original, with the promise %s, holds no more than %s, and a warning says how to regain it',
    (written, held) => {
      const marker = markerOf(written, null);
      expect(holdable(marker, 'runtime')).toBe(held);
      expect(narrowedWarning(marker, 'runtime')).toEqual({
        code: 'promise-narrowed',
        message: expect.stringMatching(new RegExp(`holds only ${held}: to regain the rest, git checkout`)),
      });
    },
  );
});
