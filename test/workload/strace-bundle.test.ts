import { expect, test } from 'vitest';
import { BUNDLE_DIRECTORY, bundleFrom } from '../../src/workload/strace-bundle.ts';
import { buildElf } from '../support/elf-builder.ts';
import {
  GLIBC_INTERPRETER,
  glibcTree,
  library,
  muslProgram,
  muslTree,
  program,
} from '../support/loader-trees.ts';
import { memoryTree } from '../support/memory-tree.ts';

const DIRECTORY = BUNDLE_DIRECTORY.slice(1);
const namesOf = ({ items }: ReturnType<typeof bundleFrom>) =>
  items.map(({ name }) => name.replace(`${DIRECTORY}/`, '')).sort();

test('strace comes with its loader and its libraries, under the names they are asked for', () => {
  const tree = glibcTree({
    '/usr/bin/strace': program(['libunwind.so.8']),
    '/usr/lib/libunwind.so.8': 'symlink libunwind.so.8.0.1',
    '/usr/lib/libunwind.so.8.0.1': library({ needed: ['libc.so.6'] }),
    '/usr/lib/libc.so.6': library(),
  });
  const bundle = bundleFrom(tree, 'amd64');
  expect(namesOf(bundle)).toEqual([DIRECTORY, 'libc.so.6', 'libunwind.so.8', 'loader', 'strace']);
  expect(bundle.hasLoader).toBe(true);
  const loader = bundle.items.find(({ name }) => name.endsWith('/loader'));
  expect(loader).toMatchObject({ mode: 0o755, content: tree.read(GLIBC_INTERPRETER as never) });
});

test('a strace of musl comes with a loader that is libc as well', () => {
  const bundle = bundleFrom(muslTree({ '/usr/bin/strace': muslProgram([]) }), 'amd64');
  expect(namesOf(bundle)).toEqual([DIRECTORY, 'loader', 'strace']);
});

test('a static strace comes alone', () => {
  const bundle = bundleFrom(memoryTree({ '/usr/bin/strace': buildElf({ dynamic: false }) }), 'amd64');
  expect(namesOf(bundle)).toEqual([DIRECTORY, 'strace']);
  expect(bundle.hasLoader).toBe(false);
});

test('it is found at the usual places, through links, or where it is said to be', () => {
  const strace = buildElf({ dynamic: false });
  const tree = memoryTree({ '/bin/strace': 'symlink ../opt/strace', '/opt/strace': strace });
  expect(namesOf(bundleFrom(tree, 'amd64'))).toContain('strace');
  expect(namesOf(bundleFrom(tree, 'amd64', ['/opt/strace']))).toContain('strace');
  expect(() => bundleFrom(tree, 'amd64', ['/opt/other'])).toThrow(
    'cannot use strace: there is no /opt/other',
  );
});

test.each([
  ['another architecture', 'arm64', program([])],
  ['an unknown architecture', 'riscv64', program([])],
  ['a script', 'amd64', '#!/bin/sh\n'],
])('strace for %s is refused', (_, architecture, content) => {
  expect(() => bundleFrom(glibcTree({ '/usr/bin/strace': content }), architecture)).toThrow(
    `cannot use strace: /usr/bin/strace is not a program for the engine's ${architecture}`,
  );
});

test('for an engine on arm64 that of an arm64 machine is taken', () => {
  const strace = buildElf({ dynamic: false, machine: 183 });
  expect(namesOf(bundleFrom(memoryTree({ '/usr/bin/strace': strace }), 'arm64'))).toContain('strace');
});

test('a strace whose library is missing is refused, since it would not start', () => {
  const tree = glibcTree({ '/usr/bin/strace': program(['libunwind.so.8']) });
  expect(() => bundleFrom(tree, 'amd64')).toThrow('cannot use strace: its library libunwind.so.8 is missing');
});
