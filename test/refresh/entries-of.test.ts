import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { entriesToRefresh } from '../../src/refresh/entries-of.ts';
import { catalogOf } from '../support/catalog.ts';

test('the entries of a catalog are refreshed from the newest version of a name on, their sources left out', async () => {
  const kraftfile = 'spec: v0.6\nruntime: base:latest\nrootfs: ./Dockerfile\n';
  await using catalog = await catalogOf({
    'library/a/1.10/Kraftfile': kraftfile,
    'library/a/1.10/Dockerfile': 'FROM a\n',
    'library/a/1.9/Kraftfile': kraftfile,
    'library/a/1.9/Dockerfile': 'FROM a\n',
    'library/base/Kraftfile': 'spec: [\n',
    'library/base/sub/Kraftfile': kraftfile,
    'examples/x/Kraftfile.ls': kraftfile,
    'examples/x/Kraftfile.wc': kraftfile,
    'examples/x/Dockerfile': 'FROM a\n',
    'examples/node_modules/y/Kraftfile': kraftfile,
    'native/c/Kraftfile': 'spec: v0.6\n',
    'library/none/README.md': '',
  });
  const paths = await entriesToRefresh(catalog.path);
  expect(paths.map((path) => relative(catalog.path, path))).toEqual([
    'native/c',
    'library/base',
    'library/a/1.10',
    'library/a/1.9',
    'examples/x/Kraftfile.ls',
  ]);
});
