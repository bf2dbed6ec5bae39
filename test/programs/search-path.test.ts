import { expect, test } from 'vitest';
import { trustedSearchPath } from '../../src/programs/search-path.ts';

test.each([
  ['empty elements mean the current directory', ':/usr/bin::/bin:', null, '/usr/bin:/bin'],
  ['relative elements depend on it', '.:bin:../x:/usr/bin', null, '/usr/bin'],
  ['a project keeps programs beside its code', '/home/a/node_modules/.bin:/usr/bin', null, '/usr/bin'],
  ['a catalog writes below itself', '/c:/c/bin:/c/../c/x:/cc:/usr/bin', '/c', '/cc:/usr/bin'],
  ['names that begin with two dots lie below too', '/c/..x:/usr/bin', '/c', '/usr/bin'],
  ['everything lies below the root', '/usr/bin', '/', '/usr/bin'],
])('%s', (_, path, catalog, expected) => {
  expect(trustedSearchPath(path, catalog)).toBe(expected);
});
