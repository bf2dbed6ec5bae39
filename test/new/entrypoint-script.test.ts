import { describe, expect, test } from 'vitest';
import { entrypointCommand, shellCommand, withoutHelpers } from '../../src/new/entrypoint-script.ts';

const NGINX = `#!/bin/sh
set -e
entrypoint_log() { echo "$@"; }
if [ "$1" = "nginx" ]; then
    find "/docker-entrypoint.d/" -follow -type f -print | while read -r f; do "$f"; done
fi
exec "$@"
`;
const REDIS = `#!/bin/sh
set -e
if [ "\${1#-}" != "$1" ] || [ "\${1%.conf}" != "$1" ]; then
	set -- redis-server "$@"
fi
if [ "$1" = 'redis-server' -a "$(id -u)" = '0' ]; then
	find . \\! -user redis -exec chown redis '{}' +
	exec setpriv --reuid=redis --regid=redis --clear-groups -- "$0" "$@"
fi
exec "$@"
`;

describe('an entrypoint script runs', () => {
  test.each([
    ['its arguments', NGINX, ['nginx', '-g', 'daemon off;'], ['nginx', '-g', 'daemon off;']],
    [
      'its arguments, after any exec before them',
      REDIS,
      ['redis-server', '/a.conf'],
      ['redis-server', '/a.conf'],
    ],
    ['the program that it puts before options', REDIS, ['--port', '1'], ['redis-server', '--port', '1']],
    ['another program', 'exec gosu app /usr/bin/app "$@"\n', ['-x'], ['/usr/bin/app', '-x']],
    ['what tini would', 'exec tini -- app --a "$@"', [], ['app', '--a']],
  ])('%s', (_, script, args, expected) => {
    expect(entrypointCommand(script, args)).toEqual(expected);
  });

  test.each([
    ['without an exec', 'app "$@"\n', ['x']],
    ['with variables in it', 'exec $APP "$@"\n', ['x']],
    ['with nothing to exec', 'exec "$@"\n', []],
  ])('an unknown program, %s', (_, script, args) => {
    expect(entrypointCommand(script, args)).toBeUndefined();
  });
});

test.each([
  [['tini', '-g', '--', 'app'], ['app']],
  [
    ['/usr/bin/dumb-init', 'app', '-x'],
    ['app', '-x'],
  ],
  [['gosu', 'redis', 'su-exec', 'a', 'app'], ['app']],
  [
    ['env', '-i', 'A=b', 'app', 'x'],
    ['app', 'x'],
  ],
  [
    ['app', '--', 'tini'],
    ['app', '--', 'tini'],
  ],
])('%j without helpers is %j', (argv, expected) => {
  expect(withoutHelpers(argv)).toEqual(expected);
});

test.each([
  [
    ['/bin/sh', '-c', 'exec app "a b" c'],
    ['app', 'a b', 'c'],
  ],
  [['bash', '-lc', 'app'], ['app']],
  [['/bin/sh', '-c', 'app | cat'], undefined],
  [['/bin/sh', '-c', 'cd /x && app'], undefined],
  [['/bin/sh', '-c', 'app $X'], undefined],
  [['/bin/sh', '/script'], undefined],
  [['app', '-c', 'x'], undefined],
])('%j in a shell is %j', (argv, expected) => {
  expect(shellCommand(argv)).toEqual(expected);
});
