import { describe, expect, test } from 'vitest';
import { resolvePath, walk } from '../../src/shared/file-tree.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { OverlayTree } from '../../src/shared/overlay-tree.ts';
import { memoryTree, type TreeTable } from '../support/memory-tree.ts';

function overlay(under: TreeTable, over: TreeTable): OverlayTree {
  return new OverlayTree(memoryTree(under), memoryTree(over));
}

/** Every path with the layer that has it and what it is: `over file`, `under directory`, ... */
function table(tree: OverlayTree): Record<string, string> {
  return Object.fromEntries(
    [...walk(tree)].map(([path, { type }]) => [path, `${tree.layerOf(path)} ${type}`]),
  );
}

const textAt = (tree: OverlayTree, path: string) =>
  Buffer.from(tree.read(resolvePath(tree, path).path)).toString();

describe('one tree over another', () => {
  test('holds what either holds, and where both do, what is over', () => {
    const tree = overlay({ '/a': 'below', '/only/below': '' }, { '/a': 'above', '/only/above': '' });
    expect(table(tree)).toEqual({
      '/a': 'over file',
      '/only': 'under directory',
      '/only/above': 'over file',
      '/only/below': 'under file',
    });
    expect(textAt(tree, '/a')).toBe('above');
  });

  test('a file that is the same in both is the one below, and no difference', () => {
    const tree = overlay(
      { '/same': 'x', '/mode': 'x' },
      { '/same': 'x', '/mode': { content: 'x', mode: 0o755 } },
    );
    expect(table(tree)).toEqual({ '/same': 'under file', '/mode': 'over file' });
    expect([...tree.differences()]).toEqual([['/mode', '/mode']]);
  });

  test('a link that leads to the same file as the link below is that link', () => {
    const tree = overlay({ '/lib/z.so.1': 'z' }, { '/lib/z.so.1': 'symlink z.so.1.2', '/lib/z.so.1.2': 'z' });
    expect(tree.lookup(imagePath('/lib/z.so.1'))?.type).toBe('file');
    expect(table(tree)).toEqual({
      '/lib': 'under directory',
      '/lib/z.so.1': 'under file',
      '/lib/z.so.1.2': 'over file',
    });
  });

  test('a directory joins the directory that a link below leads to', () => {
    const tree = overlay({ '/lib': 'symlink usr/lib', '/usr/lib/c.so': '' }, { '/lib/x.so': 'x' });
    expect(table(tree)['/usr/lib/x.so']).toBe('over file');
    expect(tree.nameOver(imagePath('/usr/lib/x.so'))).toBe('/lib/x.so');
    expect(textAt(tree, '/lib/x.so')).toBe('x');
  });

  test('a link to a directory joins a directory below, under both names', () => {
    const tree = overlay(
      { '/lib/c.so': 'c' },
      { '/lib': 'symlink usr/lib', '/usr/lib/c.so': 'c', '/usr/lib/x.so': 'x' },
    );
    expect(tree.lookup(imagePath('/lib'))?.type).toBe('directory');
    expect(table(tree)).toMatchObject({
      '/lib/c.so': 'under file',
      '/lib/x.so': 'over file',
      '/usr/lib/x.so': 'over file',
    });
    expect(tree.nameOver(imagePath('/lib/x.so'))).toBe('/usr/lib/x.so');
  });

  test('a file in the place of a directory hides all below it', () => {
    const tree = overlay({ '/d/inside': '' }, { '/d': 'now a file' });
    expect(table(tree)).toEqual({ '/d': 'over file' });
    expect(tree.lookup(imagePath('/d/inside'))).toBeUndefined();
    expect(tree.list(imagePath('/d'))).toEqual([]);
  });

  test('links that lead in a circle over directories come to an end', () => {
    const tree = overlay({ '/l': 'symlink /', '/a': '' }, { '/l': 'symlink .', '/b': '' });
    expect(Object.keys(table(tree))).toEqual(['/a', '/b', '/l']);
  });

  test('an equal link is one, and is not gone through twice', () => {
    const tree = overlay(
      { '/bin': 'symlink usr/bin', '/usr/bin/a': '' },
      { '/bin': 'symlink usr/bin', '/usr/bin/b': '' },
    );
    expect(table(tree)).toEqual({
      '/bin': 'under symlink',
      '/usr': 'under directory',
      '/usr/bin': 'under directory',
      '/usr/bin/a': 'under file',
      '/usr/bin/b': 'over file',
    });
  });
});
