import { describe, expect, test } from 'vitest';
import { scriptChain } from '../../src/analysis/script.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { memoryTree } from '../support/memory-tree.ts';

const env = { PATH: '/usr/local/bin:/usr/bin' };
const chainOf = (table: Record<string, string>, file = '/app') =>
  scriptChain(memoryTree(table), imagePath(file), env);

describe('a #! chain', () => {
  test('ends at the interpreter, and all words behind it are one argument', () => {
    expect(chainOf({ '/app': '#! /bin/sh -e -u \necho', '/bin/sh': 'ELF' })).toEqual({
      steps: [{ script: '/app', interpreter: '/bin/sh', argument: '-e -u' }],
      program: '/bin/sh',
    });
  });

  test('is followed through env and PATH', () => {
    const chain = chainOf({
      '/app': '#!/usr/bin/env -S python3 -u\n',
      '/usr/bin/env': 'ELF',
      '/usr/bin/python3': 'ELF',
    });
    expect(chain.steps.map(({ interpreter }) => interpreter)).toEqual(['/usr/bin/env', '/usr/bin/python3']);
    expect(chain.program).toBe('/usr/bin/python3');
  });

  test('is followed through links', () => {
    const tree = { '/app': 'symlink /opt/start', '/opt/start': '#!/bin/sh', '/bin/sh': 'ELF' };
    expect(chainOf(tree).program).toBe('/bin/sh');
  });

  test('is followed through scripts that run scripts', () => {
    const tree = { '/app': '#!/one\n', '/one': '#!/two x\n', '/two': 'ELF' };
    expect(chainOf(tree).steps).toHaveLength(2);
  });

  test('that never ends is cut where the kernel gives up', () => {
    expect(chainOf({ '/app': '#!/app\n' }).steps).toHaveLength(5);
  });

  test('has no step for a program', () => {
    expect(chainOf({ '/app': '\x7fELF' })).toEqual({ steps: [], program: '/app' });
  });

  test('may end where nothing is', () => {
    expect(chainOf({ '/app': '#!/nowhere\n' }).program).toBe('/nowhere');
  });
});
