import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readBuildContext } from '../../src/dockerfile/build-context.ts';
import { isOwnFile } from '../../src/dockerfile/own-files.ts';
import { STATE_DIRECTORY } from '../../src/slim/state/state.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test.each([
  'Dockerfile.orig',
  'Kraftfile.orig',
  'kraft.yaml.orig',
  'rootfs.list.orig',
  'a/Kraftfile.ls.orig',
  'Dockerfile.kraft-slim-new',
  'a/Kraftfile.kraft-slim-new',
  STATE_DIRECTORY,
])('%s is the tool’s own', (path) => {
  expect(isOwnFile(path, 'Dockerfile')).toBe(true);
});

test.each([
  'Dockerfile',
  'Kraftfile',
  'app.orig',
  'a/rootfs.list.orig',
  'rootfs.list',
  'a/Dockerfile.orig',
  'kraft-slim.yaml',
  '.kraft-slim.yaml',
])('%s is the author’s', (path) => {
  expect(isOwnFile(path, 'Dockerfile')).toBe(false);
});

test('what is the tool’s own is not in a build context', async () => {
  await using directory = await temporaryDirectory();
  const own = [
    'app.Dockerfile.orig',
    'Kraftfile.orig',
    'x.kraft-slim-new',
    `${STATE_DIRECTORY}/units/a.json`,
  ];
  for (const name of [...own, 'app.Dockerfile', 'Kraftfile', 'page.orig']) {
    await mkdir(dirname(join(directory.path, name)), { recursive: true });
    await writeFile(join(directory.path, name), '');
  }
  const { entries } = await readBuildContext({
    directory: directory.path,
    dockerfile: join(directory.path, 'app.Dockerfile'),
  });
  expect(entries.map(({ path }) => path)).toEqual(['Kraftfile', 'app.Dockerfile', 'page.orig']);
});
