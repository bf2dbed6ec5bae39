import { expect, test } from 'vitest';
import { shell } from '../../../src/analysis/promise/shell.ts';
import { object, promisedBy } from './promised-by.ts';

const SHELL = { '/bin/sh': 'x' };

test.each([
  ['a script', '/usr/bin/python3.11', object()] as const,
  ...['popen', 'system', 'wordexp'].map(
    (name) => [`a program that calls ${name}`, '/srv/server', object({ imports: [name] })] as const,
  ),
  ['a program that names the shell', '/usr/bin/git', object({ data: '\0/bin/sh\0' })] as const,
])('%s may run commands', async (_, program, bytes) => {
  const held = await promisedBy(shell, { ...SHELL, [program]: bytes }, { programs: [program] });
  expect(held).toEqual(['/bin/sh']);
});

test.each([
  ['a server that runs none', { '/usr/sbin/nginx': object() }],
  [
    'the C library',
    { '/lib/x86_64-linux-gnu/libc.so.6': object({ imports: ['popen'], data: '\0/bin/sh\0' }) },
  ],
  ['a library that names it', { '/usr/lib/libsystemd.so.0': object({ data: '\0/bin/sh\0' }) }],
])('%s keeps no shell', async (_, table) => {
  expect(await promisedBy(shell, { ...SHELL, ...table }, { programs: ['/usr/sbin/nginx'] })).toEqual([]);
});
