import { expect, it } from 'vitest';
import { concernsFitness } from '../../src/strace/fitness.ts';
import { usesPaths } from '../../src/strace/path-uses.ts';
import { straceOptions, TRACE_EXPRESSION } from '../../src/strace/trace-options.ts';

it('every call that is traced by name is one the parser makes use of', () => {
  const named = TRACE_EXPRESSION.split(',').map((name) => name.replace('?', ''));
  const unused = named.filter((name) => !usesPaths(name) && !concernsFitness(name));
  expect(unused).toEqual(['%file', 'fchdir']);
});

it('the options end where the command begins', () => {
  expect(straceOptions('/x/log').slice(0, 7)).toEqual([
    '-f',
    '-y',
    '-s',
    '4096',
    '--seccomp-bpf',
    '-o',
    '/x/log',
  ]);
});
