import { expect, test } from 'vitest';
import { shell } from '../../../src/analysis/promise/shell.ts';
import { imagePath } from '../../../src/shared/image-path.ts';
import { promiseContext } from '../../support/promise-context.ts';
import { object } from './promised-by.ts';

const PYTHON = '/usr/bin/python3.11';

async function keptBy(
  program: string,
  isLinux: boolean,
  imports: readonly string[] = [],
): Promise<readonly string[]> {
  const context = promiseContext({ [program]: object({ imports }), '/bin/sh': 'x' }, { opened: [program] });
  return await shell.needs({ ...context, programs: [imagePath(program)], isLinux });
}

test('a script on Linux may run commands', async () => {
  expect(await keptBy(PYTHON, true)).toEqual(['/bin/sh']);
});

test.each(['system', 'popen', 'wordexp'])('a program that calls %s runs commands on Linux', async (call) => {
  expect(await keptBy('/usr/bin/tool', true, [call])).toEqual(['/bin/sh']);
  expect(await keptBy('/usr/bin/tool', false, [call])).toEqual([]);
});

test.each([
  ['a script on a kernel that starts no second program', PYTHON, false],
  ['a program on Linux', '/usr/sbin/nginx', true],
])('%s keeps no shell', async (_, program, isLinux) => {
  expect(await keptBy(program, isLinux)).toEqual([]);
});
