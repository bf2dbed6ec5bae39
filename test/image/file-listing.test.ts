import { expect, test } from 'vitest';
import { readListing } from '../../src/image/file-listing.ts';

const DIRECTORY = '41ed 4096 1700000000 1700000001 10 0 0 2 /usr';
const FILE = '89ed 12 1700000000 1700000001 11 33 4 1 /usr/a b -c d';

test('a listing is read, with names as they are and without the root', () => {
  const link = 'a1ff 7 -5 1700000001 12 0 0 1 /bin';
  expect(readListing(`${DIRECTORY.replace('/usr', '/')}\n${DIRECTORY}\n${FILE}\n${link}\n`)).toEqual([
    expect.objectContaining({ path: '/usr', type: 'directory', size: 0, mode: 0o755, links: 2 }),
    {
      path: '/usr/a b -c d',
      type: 'file',
      size: 12,
      mode: 0o4755,
      uid: 33,
      gid: 4,
      mtime: 1700000000,
      ctime: 1700000001,
      inode: '11',
      links: 1,
    },
    expect.objectContaining({ path: '/bin', type: 'symlink', size: 0, mtime: -5 }),
  ]);
});

test.each([
  ['a line that is none, as of a name with a line break', `${FILE}\nb`],
  ['a name that is not UTF-8', FILE.replace('a b', '\uFFFD')],
  ['a path that is listed twice', `${FILE}\n${FILE}`],
  ['a socket', FILE.replace('89ed', 'c1ed')],
  ['a file with a name that is not told', FILE.replace(' 1 /', ' 2 /')],
])('%s makes the whole listing useless', (_, text) => {
  expect(readListing(text)).toBeUndefined();
});

test('two names of one file are told as that', () => {
  const names = ['/a', '/b'].map((name) => `81a4 1 0 0 11 0 0 2 ${name}`);
  expect(readListing(names.join('\n'))?.map(({ inode, links }) => [inode, links])).toEqual([
    ['11', 2],
    ['11', 2],
  ]);
});
