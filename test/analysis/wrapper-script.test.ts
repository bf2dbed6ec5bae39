import { describe, expect, test } from 'vitest';
import { wrappedCommand } from '../../src/analysis/wrapper-script.ts';

const launch = { args: ['a b', 'c'], env: { HOME: '/', PORT: '80' } };

describe('a script that only sets variables and execs', () => {
  test.each([
    ['exec /bin/app "$@"', ['/bin/app', 'a b', 'c'], {}],
    ['export X=1\nexec /bin/app', ['/bin/app'], { X: '1' }],
    ['X="${X:-Good morning}"\nexport X\nexec app', ['app'], { X: 'Good morning' }],
    ['export P=${PORT:-8080}\nexec app --port "$P"', ['app', '--port', '80'], { P: '80' }],
    ["set -e\n\n# why\nexport X='$Y'\nexec app '-c $Z'", ['app', '-c $Z'], { X: '$Y' }],
    ['Y=1\nexec app $HOME', ['app', '/'], {}],
  ])('%j runs %j', (script, argv, env) => {
    expect(wrappedCommand(`#!/bin/sh\n${script}\n`, launch)).toEqual({ argv, env });
  });
});

test.each([
  'cd /srv\nexec app',
  'export X=$(date)\nexec app',
  'export X="`date`"\nexec app',
  'if true; then exec app; fi',
  'exec app | cat',
  'exec app $#',
  'exec app *.conf',
  'app "$@"',
  'export X=1',
])('what %j starts is not known', (script) => {
  expect(wrappedCommand(`#!/bin/sh\n${script}\n`, launch)).toBeUndefined();
});
