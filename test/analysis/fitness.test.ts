import { describe, expect, test } from 'vitest';
import { launchFitness, pathFitness } from '../../src/analysis/fitness.ts';
import { analyseStatically } from '../../src/analysis/static.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { buildElf, DF_1_PIE, type ElfSpec } from '../support/elf-builder.ts';
import { memoryTree, type TreeTable } from '../support/memory-tree.ts';

const PIE: ElfSpec = { flags1: DF_1_PIE };
const ET_EXEC = 2;
const EM_AARCH64 = 183;

async function codesOf(table: TreeTable, command = '/app'): Promise<string[]> {
  const tree = memoryTree(table);
  const findings = await analyseStatically(tree, { argv: [command], env: { PATH: '/bin' } });
  return launchFitness(tree, findings).map(({ code }) => code);
}

const program = (spec: ElfSpec, mode = 0o755) => ({ content: buildElf(spec), mode });

describe('on Unikraft', () => {
  test('a static position-independent program with its execute bit has nothing against it', async () => {
    expect(await codesOf({ '/app': program(PIE) })).toEqual([]);
  });

  test('a program that is not position-independent is refused', async () => {
    expect(await codesOf({ '/app': program({ type: ET_EXEC }) })).toEqual(['not-pie']);
  });

  test('a program of another machine does not run', async () => {
    expect(await codesOf({ '/app': program({ ...PIE, machine: EM_AARCH64 }) })).toEqual(['wrong-machine']);
  });

  test('a program without its execute bit is not started', async () => {
    expect(await codesOf({ '/app': program(PIE, 0o644) })).toEqual(['not-executable']);
  });

  test.each(['$ORIGIN/../lib', '/opt/lib:${ORIGIN}'])(
    'a program cannot find libraries by %s',
    async (runpath) => {
      expect(await codesOf({ '/app': program({ ...PIE, runpath }) })).toEqual(['origin-runpath']);
    },
  );

  test('a program that is cut off has nothing said of it: it does not start anywhere', async () => {
    expect(await codesOf({ '/app': { content: buildElf(PIE).slice(0, 100), mode: 0o755 } })).toEqual([]);
  });

  test('a script cannot be started', async () => {
    const table = { '/app': { content: '#!/bin/sh\necho\n', mode: 0o755 }, '/bin/sh': program(PIE) };
    expect(await codesOf(table)).toEqual(['script-cmd']);
  });
});

test('a wrapper script is reported with the command that it execs and what it sets', async () => {
  const script = '#!/bin/sh\nexport GREETING=hello\nexec /bin/greet "$@"\n';
  const tree = memoryTree({
    '/start.sh': { content: script, mode: 0o755 },
    '/bin/sh': program(PIE),
    '/bin/greet': program(PIE),
  });
  const findings = await analyseStatically(tree, { argv: ['/start.sh', 'World'], env: { PATH: '/bin' } });
  const [warning] = launchFitness(tree, findings);
  expect(warning?.message).toContain('["/bin/greet","World"], with the environment GREETING=hello');
  expect(findings.program).toBe('/bin/greet');
});

describe('of the paths that are kept', () => {
  const tree = memoryTree({
    '/var/log/access.log': 'symlink /dev/stdout',
    '/var/log/error.log': 'symlink /proc/self/fd/2',
    '/dev/null': 'x',
    '/dev/shm': 'directory',
    '/devices': 'x',
  });

  test.each([
    ['/var/log/access.log', 'dev-link'],
    ['/var/log/error.log', 'dev-link'],
    ['/dev/null', 'dev-file'],
    ['/dev/shm', undefined],
    ['/devices', undefined],
    ['/nowhere', undefined],
  ])('%s is %s', (path, code) => {
    expect(pathFitness(tree, imagePath(path))?.code).toBe(code);
  });
});
