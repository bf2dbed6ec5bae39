import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readUnit } from '../../src/entry/read-unit.ts';
import { dependentsOf, overRuntime, runtimeUnit } from '../../src/entry/runtime.ts';
import type { RootfsUnit } from '../../src/entry/unit.ts';
import { catalogOf, type Files } from '../support/catalog.ts';

const library = (...lines: string[]) =>
  `${['spec: v0.6', 'rootfs: ./Dockerfile', 'template:', '  source: https://x/app-elfloader.git', '  version: stable', ...lines].join('\n')}\n`;
const delta = (runtime: string, ...lines: string[]) =>
  `${['spec: v0.6', `runtime: ${runtime}`, 'rootfs: ./Dockerfile', ...lines].join('\n')}\n`;

const CATALOG: Files = {
  'library/node/18/Kraftfile': library('cmd: ["/usr/bin/node"]'),
  'library/node/18/Dockerfile': 'FROM debian\n',
  'library/node/21/Kraftfile': library('cmd: ["/usr/bin/node"]'),
  'library/node/21/Dockerfile': 'FROM debian\n',
  'examples/b/Kraftfile': delta('example.org/node:18', 'cmd: ["/usr/bin/node", "/b.js"]'),
  'examples/b/Dockerfile': 'FROM debian\n',
  'examples/a/Kraftfile': delta('node:18'),
  'examples/a/Dockerfile': 'FROM debian\n',
  'examples/other/Kraftfile': delta('node:21'),
  'examples/other/Dockerfile': 'FROM debian\n',
  'examples/base/Kraftfile': delta('base:latest', 'cmd: ["/usr/bin/node"]'),
  'examples/base/Dockerfile': 'FROM debian\n',
  'examples/broken/Kraftfile': 'runtime: node:18\n  rootfs: [',
  'library/node/9/Kraftfile': library('cmd: ["/usr/bin/node"]'),
  'library/node/9/Dockerfile': 'FROM debian\n',
  'examples/newest/Kraftfile': delta('node:latest'),
  'examples/newest/Dockerfile': 'FROM debian\n',
  'examples/untagged/Kraftfile': delta('node'),
  'examples/untagged/Dockerfile': 'FROM debian\n',
  'examples/lost/Kraftfile': delta('node:99'),
  'examples/lost/Dockerfile': 'FROM debian\n',
};

async function inCatalog<T>(path: string, work: (unit: RootfsUnit) => Promise<T>): Promise<T> {
  await using catalog = await catalogOf(CATALOG);
  return await work((await readUnit(join(catalog.path, path))) as RootfsUnit);
}

describe('the runtime of a delta', () => {
  test.each([
    ['examples/a', 'node:18', 'library/node/18'],
    ['examples/b', 'example.org/node:18', 'library/node/18'],
    ['examples/other', 'node:21', 'library/node/21'],
    ['examples/newest', 'node:latest', 'library/node/21'],
    ['examples/untagged', 'node', 'library/node/21'],
  ])('%s lies over %s: %s', async (entry, reference, name) => {
    const found = await inCatalog(entry, runtimeUnit);
    expect({ name: found.runtime.name, reference: found.reference }).toEqual({ name, reference });
  });

  test.each([
    ['node:latest', 'library/node/21'],
    ['unikraft.org/node', 'library/node/21'],
    ['unikraft.org/catalog/library/node:latest', 'library/node/21'],
    ['python:latest', 'library/python/3.12'],
    ['edge:latest', 'library/edge/latest'],
  ])('%s lies over the newest version that the catalog has: %s', async (reference, name) => {
    const withDockerfile = (entry: string) => ({
      [`${entry}/Kraftfile`]: library('cmd: ["/x"]'),
      [`${entry}/Dockerfile`]: 'FROM debian\n',
    });
    await using catalog = await catalogOf({
      ...CATALOG,
      ...withDockerfile('library/python/3.9'),
      ...withDockerfile('library/python/3.12'),
      ...withDockerfile('library/python/3.12-hand'),
      'library/python/4.0/notes': 'no entry yet',
      ...withDockerfile('library/edge/9'),
      ...withDockerfile('library/edge/latest'),
      'examples/newest/Kraftfile': delta(reference, 'cmd: ["/x"]'),
      'examples/newest/Dockerfile': 'FROM debian\n',
    });
    const unit = (await readUnit(join(catalog.path, 'examples/newest'))) as RootfsUnit;
    const found = await runtimeUnit(unit);
    expect({ name: found.runtime.name, reference: found.reference }).toEqual({ name, reference });
    const dependents = (await dependentsOf(found.runtime)).map((unit) => unit.name);
    expect(dependents).toContain('examples/newest');
  });

  test('that the catalog does not have is a mistake that names both', async () => {
    await expect(inCatalog('examples/lost', runtimeUnit)).rejects.toMatchObject({
      code: 'rootfs-missing',
      message: 'cannot lay the entry over node:99: the catalog has no library/node/99',
    });
  });

  test.each(['"..:18"', '{ source: node, version: ../../../outside }', '{ source: node, version: .. }'])(
    'never lies outside of the catalog: %s',
    async (runtime) => {
      await using catalog = await catalogOf({
        ...CATALOG,
        'library/outside/Kraftfile': library('cmd: ["/x"]'),
        'examples/out/Kraftfile': delta(runtime, 'cmd: ["/x"]'),
        'examples/out/Dockerfile': 'FROM debian\n',
      });
      const unit = (await readUnit(join(catalog.path, 'examples/out'))) as RootfsUnit;
      await expect(runtimeUnit(unit)).rejects.toMatchObject({ code: 'rootfs-missing' });
    },
  );

  test('gives its command to a Kraftfile without one, and to no other', async () => {
    const commandOf = (entry: string) =>
      inCatalog(entry, async (unit) => {
        const { runtime } = await runtimeUnit(unit);
        return overRuntime(unit.kraftfiles[0], runtime).kraftfile.cmd?.argv;
      });
    expect(await commandOf('examples/a')).toEqual(['/usr/bin/node']);
    expect(await commandOf('examples/b')).toEqual(['/usr/bin/node', '/b.js']);
  });
});

test('the dependents of a library entry are those that name it, sorted; a broken Kraftfile is no one’s', async () => {
  const names = await inCatalog('library/node/18', async (unit) =>
    (await dependentsOf(unit)).map(({ name }) => name),
  );
  expect(names).toEqual(['examples/a', 'examples/b']);
});
