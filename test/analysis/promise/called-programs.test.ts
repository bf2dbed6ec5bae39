import { describe, expect, test } from 'vitest';
import { calledPrograms } from '../../../src/analysis/promise/called-programs.ts';
import { imagePath } from '../../../src/shared/image-path.ts';
import { promiseContext } from '../../support/promise-context.ts';

const PYTHON = '/usr/bin/python3.11';
const TOOL = ['/usr/bin/tool', '/usr/lib/tool/part.so', '/etc/tool.conf'];
const PACKAGES = { tool: [...TOOL, '/usr/bin/tool-admin'], other: ['/usr/bin/other'] };

/** What the rule keeps of an app with a source whose Dockerfile installs the tool by name. */
async function keptBy(
  source: string,
  { installed = ['tool'] }: { installed?: readonly string[] } = {},
): Promise<string[]> {
  const files = Object.values(PACKAGES).flat();
  const context = promiseContext(
    {
      [PYTHON]: 'x',
      '/srv/app.py': source,
      ...Object.fromEntries(files.map((path) => [path, 'x'])),
    },
    { opened: ['/srv/app.py', PYTHON], packages: PACKAGES },
  );
  const programs = [imagePath(PYTHON)];
  return [...(await calledPrograms.needs({ ...context, programs, installed }))].sort();
}

describe('a program that the author installs and calls', () => {
  test.each([
    ['a list of words', 'subprocess.run(["tool", "--version"])'],
    ['a command line', "os.system('tool --version')"],
    ['a path', 'subprocess.run("/usr/bin/tool")'],
    ['a pipe', 'os.popen("echo x|tool")'],
  ])('stays with its package if a source has it in %s', async (_, source) => {
    expect(await keptBy(source)).toEqual([...TOOL].sort());
  });

  test.each([
    ['of a name that only begins alike', 'run(["toolbox"])'],
    ['of a part of a word', 'use_tool = 1'],
    ['that the Dockerfile does not install by name', 'run(["other"])'],
  ])('is none %s', async (_, source) => {
    expect(await keptBy(source)).toEqual([]);
  });

  test('goes where the package comes with another', async () => {
    expect(await keptBy('run(["tool"])', { installed: [] })).toEqual([]);
  });
});
