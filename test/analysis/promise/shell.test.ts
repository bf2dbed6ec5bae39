import { expect, test } from 'vitest';
import { shell } from '../../../src/analysis/promise/shell.ts';
import { imagePath } from '../../../src/shared/image-path.ts';
import { promiseContext } from '../../support/promise-context.ts';

const PYTHON = '/usr/bin/python3.11';

async function keptBy(program: string, isLinux: boolean): Promise<readonly string[]> {
  const context = promiseContext({ [program]: 'x', '/bin/sh': 'x' }, { opened: [program] });
  return await shell.needs({ ...context, programs: [imagePath(program)], isLinux });
}

test('a script on Linux may run commands', async () => {
  expect(await keptBy(PYTHON, true)).toEqual(['/bin/sh']);
});

test.each([
  ['a script on a kernel that starts no second program', PYTHON, false],
  ['a program on Linux', '/usr/sbin/nginx', true],
])('%s keeps no shell', async (_, program, isLinux) => {
  expect(await keptBy(program, isLinux)).toEqual([]);
});
