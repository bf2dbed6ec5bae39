import { expect, test } from 'vitest';
import { tracedCommand } from '../../src/analysis/traced-command.ts';

test('what the app preloads is for the app alone, and not for the tracer', () => {
  const env = { PATH: '/bin', LD_PRELOAD: '/usr/lib/user.so', LD_LIBRARY_PATH: '/lib' };
  expect(tracedCommand(['/strace', '-f'], { argv: ['/app', '-x'], env })).toEqual({
    argv: ['/strace', '-f', '-E', 'LD_PRELOAD=/usr/lib/user.so', '--', '/app', '-x'],
    env: { PATH: '/bin', LD_PRELOAD: '', LD_LIBRARY_PATH: '/lib' },
  });
});

test('an app that preloads nothing keeps its environment', () => {
  const env = { LD_PRELOAD: '' };
  expect(tracedCommand(['/strace'], { argv: ['/app'], env })).toEqual({
    argv: ['/strace', '--', '/app'],
    env,
  });
});
