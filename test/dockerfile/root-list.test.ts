import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isRootListName,
  readRootList,
  rootListHash,
  rootListOf,
  writeRootList,
} from '../../src/dockerfile/root-list.ts';
import { comparePaths, imagePath } from '../../src/shared/image-path.ts';

test.each([
  ['Dockerfile', 'rootfs.list'],
  ['x.Dockerfile', 'x.rootfs.list'],
  ['a/Dockerfile', 'a/rootfs.list'],
  ['a/x.Dockerfile', 'a/x.rootfs.list'],
  ['Dockerfile.debug', 'Dockerfile.debug.rootfs.list'],
  ['MyDockerfile', 'MyDockerfile.rootfs.list'],
])('the root list of %s is %s', (dockerfile, list) => {
  expect(rootListOf(dockerfile)).toBe(list);
  expect(isRootListName(list)).toBe(true);
});

test.each(['list', 'myrootfs.list', 'rootfs.list.orig'])('%s is no root list', (name) => {
  expect(isRootListName(name)).toBe(false);
});

test('a group of a root list is sorted by bytes, and a directory ends in a slash', () => {
  const lines = ['/é', '/a b', '/a-b', '/a/b'].map(
    (path) => ({ path: imagePath(path), type: 'file' }) as const,
  );
  const text = writeRootList([
    { title: 'Data', lines: [...lines, { path: imagePath('/tmp'), type: 'directory' }] },
    { title: 'Nothing', lines: [] },
    { title: 'Directories', lines: [{ path: imagePath('/run'), type: 'directory' }] },
  ]);
  expect(text).toBe('# Data\n/a b\n/a-b\n/a/b\n/tmp/\n/é\n\n# Directories\n/run/\n');
});

test('a root list is read back as it was written', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !/[\n\0/]|^\.{1,2}$/.test(text));
  const line = fc.record({
    path: fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => imagePath(`/${parts.join('/')}`)),
    type: fc.constantFrom('file' as const, 'directory' as const),
  });
  fc.assert(
    fc.property(fc.uniqueArray(line, { selector: ({ path }) => path }), (lines) => {
      const text = writeRootList([{ title: 'Data', lines }]);
      expect(readRootList(text)).toEqual(lines.map(({ path }) => path).sort(comparePaths));
      expect(writeRootList([{ title: 'Data', lines: [...lines].reverse() }])).toBe(text);
    }),
  );
});

test('a line end that tar would take for a part of a name changes the hash', () => {
  expect(rootListHash('/a\r\n')).not.toBe(rootListHash('/a\n'));
});
