import { expect, it } from 'vitest';
import { splitArguments } from '../../src/strace/split-arguments.ts';

it.each([
  ['', []],
  ['NULL', ['NULL']],
  ['AT_FDCWD</a, b>, "c, d", 0', ['AT_FDCWD</a, b>', '"c, d"', '0']],
  ['"a\\", b", 1', ['"a\\", b"', '1']],
  ['"a\\\\", 1', ['"a\\\\"', '1']],
  ['"cut"..., 1', ['"cut"...', '1']],
  ['3</{[(>, {a=1, b=[2, 3]}, 4', ['3</{[(>', '{a=1, b=[2, 3]}', '4']],
  ['1<<3, 2', ['1<<3', '2']],
  ['3<TCP:[1.1.1.1:5->2.2.2.2:6]>, 1', ['3<TCP:[1.1.1.1:5->2.2.2.2:6]>', '1']],
  ['3</dev/null<char 1:3>>, 1', ['3</dev/null<char 1:3>>', '1']],
  ['{flags=CLONE_VM} => {parent_tid=[5]}, 88', ['{flags=CLONE_VM} => {parent_tid=[5]}', '88']],
  ['4</x>(deleted), 1', ['4</x>(deleted)', '1']],
])('%s is split at its own commas only', (args, expected) => {
  expect(splitArguments(args)).toEqual(expected);
});
