import { describe, expect, test } from 'vitest';
import { findProgram } from '../../src/analysis/find-program.ts';
import type { UserError } from '../../src/shared/failure.ts';
import { memoryTree } from '../support/memory-tree.ts';

const program = { content: '\x7fELF', mode: 0o755 };
const TREE = memoryTree({
  '/bin': 'symlink usr/bin',
  '/usr/bin/nginx': program,
  '/usr/bin/python3': 'symlink python3.11',
  '/usr/bin/python3.11': program,
  '/usr/bin/dangling': 'symlink nowhere',
  '/usr/local/bin/nginx': 'directory',
  '/usr/sbin/redis-server': program,
  '/usr/lib/libredis-serve.so.1': program,
  '/etc/redis-serv': 'not to be executed',
  '/usr/lib/pluginx.so': program,
  '/app': program,
});
const ENV = { PATH: '/usr/local/bin:/bin:/usr/bin:/usr/sbin' };

describe('a command', () => {
  test.each([
    ['/usr/bin/nginx', '/usr/bin/nginx'],
    ['/bin/nginx', '/bin/nginx'],
    ['/usr/bin/python3', '/usr/bin/python3'],
    ['./app', '/app'],
    ['usr/../app', '/app'],
    ['redis-server', '/usr/sbin/redis-server'],
    ['python3', '/bin/python3'],
  ])('%s is %s', (command, expected) => {
    expect(findProgram(TREE, command, ENV)).toBe(expected);
  });

  test('without a slash is the first file along PATH: a directory of that name does not count', () => {
    expect(findProgram(TREE, 'nginx', ENV)).toBe('/bin/nginx');
    expect(findProgram(TREE, 'nginx', { PATH: '/usr/bin:/bin' })).toBe('/usr/bin/nginx');
  });

  test('is looked for in the working directory, the root, where PATH has an empty part', () => {
    expect(findProgram(TREE, 'app', { PATH: '/usr/bin:' })).toBe('/app');
  });
});

describe('a command that is not there', () => {
  const hintFor = (command: string, env: Record<string, string> = ENV) => {
    try {
      return findProgram(TREE, command, env);
    } catch (error) {
      const { code, message, hint } = error as UserError;
      expect({ code, message }).toEqual({
        code: 'cmd-not-found',
        message: `cannot find the command ${command} in the root file system`,
      });
      return hint;
    }
  };

  test.each([
    ['elsewhere under the same name', '/usr/sbin/nginx', '/usr/bin/nginx'],
    ['beside PATH', 'redis-server', '/usr/sbin/redis-server'],
    ['a similar name', '/usr/bin/pyhton3.11', '/usr/bin/python3.11'],
    ['a similar program, and neither library nor text', '/usr/bin/redis-serve', '/usr/sbin/redis-server'],
  ])('is reported by %s', (_, command, nearest) => {
    expect(hintFor(command, { PATH: '/usr/bin' })).toBe(`did you mean ${nearest}?`);
  });

  test.each(['/usr/bin/something-else', '/usr/bin/pluginx', '/usr/bin/dangling', '/usr/bin'])(
    '%s has nothing similar',
    (command) => {
      expect(hintFor(command)).toBe('correct cmd in the Kraftfile');
    },
  );
});
