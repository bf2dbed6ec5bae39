import { symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogFiles } from '../../src/check/files.ts';
import { selectEntries } from '../../src/check/find-entries.ts';
import { readCatalog } from '../../src/check/read-catalog.ts';
import { runCheck } from '../../src/check/run-check.ts';
import { readUnit } from '../../src/entry/read-unit.ts';
import { dependentsOf } from '../../src/entry/runtime.ts';
import type { RootfsUnit } from '../../src/entry/unit.ts';
import { openRepository } from '../../src/git/repository.ts';
import { openProposal } from '../../src/pr/open-proposal.ts';
import { entriesToRefresh } from '../../src/refresh/entries-of.ts';
import { refreshEntry } from '../../src/refresh/refresh.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { UserError } from '../../src/shared/failure.ts';
import { distinctEntries } from '../../src/slim/distinct-entries.ts';
import { runEntry, skip } from '../../src/slim/run-entry.ts';
import { dependentsAmong } from '../../src/sweep/dependents.ts';
import { discoverEntries } from '../../src/sweep/discover.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';

const kraftfile = (runtime: string, rootfs: string) =>
  `spec: v0.6\n\nruntime: ${runtime}\n\nrootfs: ${rootfs}\n\ncmd: ["/a"]\n`;
const LIBRARY =
  'spec: v0.6\nrootfs: ./Dockerfile\ntemplate:\n  source: https://x/app-elfloader.git\n  version: stable\n';
const COMPLETE = kraftfile('base:latest', './Dockerfile');
const DELTA = kraftfile('node:18', './Dockerfile');
const DOCKERFILE = 'FROM debian:bookworm\n';

const CATALOG = {
  'library/node/18/Kraftfile': LIBRARY,
  'library/node/18/Dockerfile': DOCKERFILE,
  'library/redis/7.0/Kraftfile': kraftfile('base:latest', './docker/Dockerfile'),
  'library/redis/7.0/docker/Dockerfile': DOCKERFILE,
  'library/broken/1/Kraftfile': 'spec: [\n',
  'examples/coreutils/Kraftfile.cat': COMPLETE,
  'examples/coreutils/Kraftfile.ls': COMPLETE,
  'examples/coreutils/Dockerfile': DOCKERFILE,
  'examples/hugo/Kraftfile': DELTA,
  'examples/hugo/Dockerfile': DOCKERFILE,
  'examples/hugo/vendor/theme/Kraftfile': DELTA,
  'examples/hugo/vendor/theme/Dockerfile': DOCKERFILE,
  'examples/node_modules/x/Kraftfile': DELTA,
  'examples/node_modules/x/Dockerfile': DOCKERFILE,
  '.cache/x/Kraftfile': DELTA,
  '.cache/x/Dockerfile': DOCKERFILE,
  'group/deep/er/than/most/Kraftfile': DELTA,
  'group/deep/er/than/most/Dockerfile': DOCKERFILE,
  'native/c/Kraftfile': 'spec: v0.6\nunikraft: staging\n',
  'tests/Kraftfile': '',
  'tests/shared/Dockerfile': DOCKERFILE,
  'tests/shared/a/Kraftfile': `${kraftfile('base:latest', '../Dockerfile')}# a blank at the end \n`,
  'tests/shared/b/Kraftfile': kraftfile('base:latest', '../Dockerfile'),
};

/** What all verbs call the entries of the catalog; what is vendored, hidden, a link or a marker is none. */
const NAMES = [
  'examples/coreutils',
  'examples/hugo',
  'group/deep/er/than/most',
  'library/broken/1',
  'library/node/18',
  'library/redis/7.0',
  'native/c',
  'tests/shared',
];

const signal = new AbortController().signal;
const absent = async () => {
  throw new UserError('engine-absent', 'there is no engine');
};
const registry = { resolve: absent, tags: absent } as unknown as Registry;
const tools = { engine: absent, signal, on() {}, registry };

let catalog: Catalog;
beforeAll(async () => {
  catalog = await catalogOf(CATALOG);
  await symlink('hugo', join(catalog.path, 'examples/linked'));
});
afterAll(() => catalog[Symbol.asyncDispose]());

const inCatalog = (name: string) => join(catalog.path, name);
const sorted = (names: readonly string[]) => [...new Set(names)].sort();

async function slimmed(path: string): Promise<string> {
  const report = await runEntry(path, { ...tools, untrusted: false }, async () => skip('filtered', 'enough'));
  return report.result.entry;
}

async function refreshed(path: string): Promise<string> {
  const options = {
    wish: { policy: 'patch', to: null },
    dryRun: true,
    stateDirectory: null,
    untrusted: false,
  };
  const { result } = await refreshEntry(path, options as Parameters<typeof refreshEntry>[1], tools);
  return result.entry;
}

describe('the entries of a catalog and their names are the same to', () => {
  test('sweep', async () => {
    const entries = await discoverEntries(catalog.path);
    expect(entries.map(({ name }) => name)).toHaveLength(NAMES.length);
    expect(sorted(entries.map(({ name }) => name))).toEqual(NAMES);
    expect(sorted(await Promise.all(entries.map(({ path }) => slimmed(path))))).toEqual(NAMES);
  });

  test('refresh', async () => {
    const paths = await entriesToRefresh(catalog.path);
    expect(paths).toHaveLength(NAMES.length);
    expect(sorted(await Promise.all(paths.map(refreshed)))).toEqual(NAMES);
  });

  test('check', async () => {
    const selection = selectEntries([catalog.path]);
    const { entries, unitNames } = await readCatalog(catalogFiles(catalog.path), selection);
    expect(sorted(entries.map(({ name }) => unitNames.get(name) ?? name))).toEqual(NAMES);
    const { findings } = await runCheck([catalog.path], { only: [], skip: [], fix: false });
    const named = sorted(findings.map(({ entry }) => entry));
    expect(named).toEqual(expect.arrayContaining(['library/redis/7.0', 'tests/shared']));
    expect(['.', ...NAMES]).toEqual(expect.arrayContaining(named));
  });

  test.each(NAMES)('single runs, by the name that results have: %s', async (name) => {
    expect([await slimmed(inCatalog(name)), await refreshed(inCatalog(name))]).toEqual([name, name]);
  });

  test('single runs, by their Kraftfiles, each unit once', async () => {
    const paths = Object.entries(CATALOG)
      .filter(([path, text]) => /Kraftfile[^/]*$/.test(path) && text !== '')
      .map(([path]) => path)
      .filter((path) => !/vendor|node_modules|^\.cache/.test(path));
    const distinct = await distinctEntries(paths.map(inCatalog));
    const names = await Promise.all(distinct.map(slimmed));
    expect([names.length, sorted(names)]).toEqual([NAMES.length, NAMES]);
  });

  test('pr', async () => {
    const options = { repository: await openRepository(catalog.path), main: 'HEAD', stateDirectory: null };
    for (const name of NAMES.filter((one) => one !== 'library/broken/1')) {
      await expect(openProposal(inCatalog(name), options)).rejects.toMatchObject({
        code: 'state-missing',
        message: expect.stringContaining(`cannot make a branch for ${name}: `),
      });
    }
  });
});

test('a single run finds the dependents of a library entry that a sweep finds', async () => {
  const library = (await readUnit(inCatalog('library/node/18'))) as RootfsUnit;
  const among = dependentsAmong(await discoverEntries(catalog.path));
  const namesOf = (units: readonly RootfsUnit[]) =>
    units.map(({ directory }) => relative(catalog.path, directory));
  const names = namesOf(await dependentsOf(library));
  expect(names).toEqual(['examples/hugo', 'group/deep/er/than/most']);
  expect(namesOf(await among(library))).toEqual(names);
});
