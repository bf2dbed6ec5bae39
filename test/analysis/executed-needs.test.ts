import { describe, expect, test } from 'vitest';
import { needsOfTrace } from '../../src/analysis/dynamic.ts';
import { needsOfExecuted } from '../../src/analysis/executed-needs.ts';
import { describeReason } from '../../src/analysis/need.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { buildElf, DF_1_PIE } from '../support/elf-builder.ts';
import { memoryTree } from '../support/memory-tree.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const PROGRAM = buildElf({ interpreter: LOADER, flags1: DF_1_PIE });
const TREE = memoryTree({
  [LOADER]: 'loader',
  '/bin/tool': PROGRAM,
  '/bin/static': buildElf({ flags1: DF_1_PIE }),
  '/bin/broken': PROGRAM.slice(0, 80),
  '/bin/no-loader': buildElf({ interpreter: '/lib/ld-missing.so', flags1: DF_1_PIE }),
  '/usr/bin/env': PROGRAM,
  '/script': '#!/bin/tool -w\n',
  '/nested': '#!/script\n',
  '/with-env': '#!/usr/bin/env tool\n',
  '/text': 'no first line of a script',
});

const needsOf = (path: string) =>
  needsOfExecuted(TREE, imagePath(path)).map(({ path: at, reason }) => `${at}: ${describeReason(reason)}`);

describe('for an executed file the kernel opens', () => {
  test.each([
    ['/bin/tool', [`${LOADER}: the dynamic linker of /bin/tool`]],
    ['/script', ['/bin/tool: runs the script /script', `${LOADER}: the dynamic linker of /bin/tool`]],
    [
      '/nested',
      [
        '/script: runs the script /nested',
        '/bin/tool: runs the script /script',
        `${LOADER}: the dynamic linker of /bin/tool`,
      ],
    ],
    [
      '/with-env',
      ['/usr/bin/env: runs the script /with-env', `${LOADER}: the dynamic linker of /usr/bin/env`],
    ],
    ['/bin/static', []],
    ['/bin/broken', []],
    ['/text', []],
    ['/absent', []],
  ])('%s', (path, expected) => {
    expect(needsOf(path)).toEqual(expected);
  });
});

describe('a trace in which a child is executed', () => {
  const first = { pid: 1, syscall: 'execve', line: 1 };
  const executed = (path: string) => {
    const as = { named: true, followed: true, executable: true, resolvedTo: [], first, count: 1 };
    const { needs } = needsOfTrace(TREE, { touched: [{ path, kinds: ['executed'], ...as }], failed: [] });
    return needs.map((need) => need.path);
  };

  test('needs what the kernel opens for it', () => {
    expect(executed('/script')).toEqual(['/script', '/bin/tool', LOADER]);
  });

  test('needs nothing that the root file system lacks', () => {
    expect(executed('/bin/no-loader')).toEqual(['/bin/no-loader']);
  });
});
