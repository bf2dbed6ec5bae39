import { expect, test } from 'vitest';
import { directoryNames } from '../../src/plan/directory-names.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { rootfsOf } from '../support/rootfs.ts';

test('a path has a name by each link to a directory above it', async () => {
  const table = {
    '/usr/lib/x/y': 'y',
    '/lib': 'symlink usr/lib',
    '/x': 'symlink lib/x',
    '/y': 'symlink x/y',
  };
  await using rootfs = await rootfsOf(table);
  const namesOf = directoryNames(rootfs);
  expect(namesOf(imagePath('/usr/lib/x/y'))).toEqual(['/usr/lib/x/y', '/x/y', '/lib/x/y']);
  expect(namesOf(imagePath('/usr/lib'))).toEqual(['/usr/lib']);
});
