import { describe, expect, test } from 'vitest';
import { entryCommand } from '../../src/new/entry-command.ts';
import { memoryTree, type TreeTable } from '../support/memory-tree.ts';

const program = { content: '\x7fELF', mode: 0o755 };
const script = (content: string) => ({ content, mode: 0o755 });

const TREE: TreeTable = {
  '/bin/sh': program,
  '/usr/sbin/nginx': program,
  '/usr/bin/env': program,
  '/usr/bin/python3.11': program,
  '/usr/bin/python3': 'symlink python3.11',
  '/usr/bin/tini': program,
  '/entry.sh': script('#!/bin/sh\nset -e\necho preparing\nexec "$@"\n'),
  '/wrap.sh': script('#!/bin/sh\nexport MODE=slim\nexec /usr/sbin/nginx -g "daemon off;" "$@"\n'),
  '/loop.sh': script('#!/bin/sh\necho; exec "$@"\nexec /loop.sh "$@"\n'),
  '/odd.sh': script('#!/bin/sh\nwhile true; do nginx; done\n'),
  '/app/server.py': script('#!/usr/bin/env python3\nprint()\n'),
  '/app/module/x': '',
};

type Words = { entrypoint?: string[]; cmd?: string[]; workingDir?: string; given?: string[] };

const command = ({ entrypoint = [], cmd = [], workingDir = '', given = [] }: Words) =>
  entryCommand(
    memoryTree(TREE),
    { entrypoint, cmd, workingDir, env: ['PATH=/usr/sbin:/usr/bin:/bin'] },
    given,
  );

describe('an image runs', () => {
  test.each<[string, Words, string[], string[]]>([
    ['a program of its PATH', { cmd: ['nginx', '-g', 'x'] }, ['/usr/sbin/nginx', '-g', 'x'], []],
    [
      'what its entrypoint script execs',
      { entrypoint: ['/entry.sh'], cmd: ['nginx'] },
      ['/usr/sbin/nginx'],
      ['/entry.sh'],
    ],
    [
      'the same behind tini',
      { entrypoint: ['tini', '--', '/entry.sh'], cmd: ['nginx'] },
      ['/usr/sbin/nginx'],
      ['/entry.sh'],
    ],
    ['the command of a shell', { cmd: ['/bin/sh', '-c', 'exec nginx -t'] }, ['/usr/sbin/nginx', '-t'], []],
    [
      'the interpreter of a script',
      { cmd: ['/app/server.py', '-x'] },
      ['/usr/bin/python3', '/app/server.py', '-x'],
      ['/app/server.py'],
    ],
    [
      'a file of its working directory',
      { cmd: ['python3', 'server.py'], workingDir: '/app' },
      ['/usr/bin/python3', '/app/server.py'],
      [],
    ],
    [
      'a program of its working directory',
      { cmd: ['./server.py'], workingDir: '/app' },
      ['/usr/bin/python3', '/app/server.py'],
      ['/app/server.py'],
    ],
    [
      'a module as it is',
      { cmd: ['python3', '-m', 'module'], workingDir: '/app' },
      ['/usr/bin/python3', '-m', 'module'],
      [],
    ],
    ['what is given instead', { cmd: ['/odd.sh'], given: ['nginx'] }, ['/usr/sbin/nginx'], []],
  ])('%s', (_, words, argv, through) => {
    expect(command(words)).toEqual({ argv, env: {}, through });
  });

  test('a program with the variables of its wrapper', () => {
    expect(command({ entrypoint: ['/wrap.sh'] })).toEqual({
      argv: ['/usr/sbin/nginx', '-g', 'daemon off;'],
      env: { MODE: 'slim' },
      through: ['/wrap.sh'],
    });
  });
});

test.each<[string, Words, string]>([
  ['no command', {}, 'it names none'],
  ['a script that does more', { cmd: ['/odd.sh'] }, '/odd.sh is a script that does more than run a program'],
  ['a script that starts itself', { cmd: ['/loop.sh', 'x'] }, 'scripts start scripts'],
  ['a command that is not there', { cmd: ['nginy'] }, 'cannot find the command nginy'],
])('what an image runs with %s is not known', (_, words, why) => {
  expect(() => command(words)).toThrow(why);
});
