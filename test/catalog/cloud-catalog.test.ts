import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCheck } from '../../src/check/run-check.ts';
import { unitsOf } from '../../src/entry/list-units.ts';
import { readUnit } from '../../src/entry/read-unit.ts';
import { runsOfKraftfile } from '../../src/entry/readme-runs.ts';
import type { RootfsUnit } from '../../src/entry/unit.ts';
import { readUse } from '../../src/entry/use-files.ts';
import { openRepository } from '../../src/git/repository.ts';
import { openProposal } from '../../src/pr/open-proposal.ts';
import { entriesToRefresh } from '../../src/refresh/entries-of.ts';
import { UserError } from '../../src/shared/failure.ts';
import { commandChanges } from '../../src/slim/render/command-change.ts';
import { runEntry, skip } from '../../src/slim/run-entry.ts';
import { writableNames } from '../../src/slim/write/writable-names.ts';
import { discoverEntries } from '../../src/sweep/discover.ts';
import { workloadOfUse } from '../../src/workload/from-uses.ts';
import { type Catalog, cloudCatalog } from '../support/catalog.ts';
import { CLOUD_CATALOG } from '../support/cloud-catalog.ts';

/** Entries with the classes that they have and where their workloads are found. */
const ENTRIES = [
  ['caddy', 'runtime-delta', 'derived', [2015]],
  ['express', 'complete', 'runconfig', [3000]],
  ['helloworld-c', 'complete', 'runconfig', []],
  ['httpserver-c-distroless', 'complete', 'readme', [8080]],
  ['httpserver-erlang26.2', 'complete', 'derived', [8080]],
  ['httpserver-perl5.36', 'complete', 'readme', [8080]],
  ['httpserver-perl5.36-bare', 'complete', 'test', [9000]],
  ['httpserver-python3.12', 'complete', 'test', [8000]],
  ['imaginary', 'native', 'derived', []],
  ['nginx', 'runtime-delta', 'derived', [8080]],
  ['redis7.2', 'complete', 'readme', [6379]],
  ['shop/db', 'complete', 'derived', []],
  ['shop/web', 'complete', 'readme', [80]],
] as const;
const NAMES = ENTRIES.map(([name]) => name);

let catalog: Catalog;
beforeAll(async () => {
  catalog = await cloudCatalog(CLOUD_CATALOG);
});
afterAll(() => catalog[Symbol.asyncDispose]());

const signal = new AbortController().signal;
const engine = async () => {
  throw new UserError('engine-absent', 'there is no engine');
};
const inCatalog = (name: string) => join(catalog.path, name);
const report = (name: string) =>
  runEntry(inCatalog(name), { engine, signal, on() {}, untrusted: false }, async () =>
    skip('filtered', 'enough'),
  );

describe('the entries at the top of a catalog, and the services below, are the same to', () => {
  test('the walk, sweep and refresh', async () => {
    const units: (string | undefined)[] = [];
    for await (const { unit } of unitsOf(catalog.path)) units.push(unit?.name);
    expect(units).toEqual(NAMES);
    const swept = await discoverEntries(catalog.path);
    const classes = new Map(swept.map(({ name, class: kind }) => [name, kind]));
    expect(classes).toEqual(new Map(ENTRIES.map(([name, kind]) => [name, kind])));
    const refreshed = await entriesToRefresh(catalog.path);
    expect(refreshed.sort()).toEqual(NAMES.map(inCatalog));
  });

  test.each(NAMES)('a single run: %s', async (name) => {
    expect((await report(name)).result.entry).toBe(name);
  });

  test('pr', async () => {
    const options = { repository: await openRepository(catalog.path), main: 'HEAD', stateDirectory: null };
    for (const [name, kind] of ENTRIES.filter(([, kind]) => kind === 'complete')) {
      await expect(openProposal(inCatalog(name), options), kind).rejects.toMatchObject({
        message: expect.stringContaining(`cannot make a branch for ${name}: `),
      });
    }
  });

  test('check, which has nothing to say but that a Kraftfile and a directory are not there', async () => {
    const { findings } = await runCheck([catalog.path], { only: [], skip: [], fix: false });
    const found = findings
      .filter(({ severity }) => severity !== 'note')
      .map(({ entry, code }) => `${entry} ${code}`);
    expect(found).toEqual(['httpserver-perl5.36-bare kraftfile-absent']);
  });
});

test.each(ENTRIES)('the workload of %s (%s) is found: %s, the ports %j', async (name, _, source, ports) => {
  const { kraftfiles } = await readUnit(inCatalog(name));
  const [{ path } = { path: '' }] = kraftfiles;
  const use = readUse(dirname(path), catalog.path);
  const [first] = runsOfKraftfile(use.readme, basename(path));
  const { workload } = workloadOfUse(first, use);
  expect(workload).toMatchObject({ source, ports });
});

describe('an entry with a Dockerfile alone', () => {
  const NAME = 'httpserver-perl5.36-bare';
  const image = { entrypoint: ['/usr/bin/perl'], cmd: ['/src/server.pl', '9000'] };

  test('is warned of, and gets a Kraftfile with the command of its image', async () => {
    expect((await report(NAME)).result.warnings).toMatchObject([{ code: 'kraftfile-absent' }]);
    const unit = (await readUnit(inCatalog(NAME))) as RootfsUnit;
    expect(commandChanges(unit, image)).toEqual([
      {
        name: 'Kraftfile',
        before: null,
        after:
          'spec: v0.7\n\nruntime: base-compat:latest\n\nrootfs:\n  source: ./Dockerfile\n  format: erofs\n\ncmd: ["/usr/bin/perl", "/src/server.pl", "9000"]\n',
      },
    ]);
    expect(writableNames(unit, { upgrade: false }).get('Kraftfile')?.make).toBe(true);
  });

  test('that has a Kraftfile is none, and no Kraftfile is made', async () => {
    const unit = (await readUnit(inCatalog('shop/db'))) as RootfsUnit;
    expect(commandChanges(unit, image)).toEqual([]);
    expect(writableNames(unit, { upgrade: false }).get('Kraftfile')?.make).toBe(false);
  });

  test.each(['shop', 'redis7.2/docker', 'nginx/html', '.'])('is not %s', async (name) => {
    await expect(readUnit(inCatalog(name))).rejects.toMatchObject({ code: 'kraftfile-missing' });
  });

  test('lies in a folder of a catalog that has folders, and gets a Kraftfile of the loader there', async () => {
    const FILES = {
      'examples/a/Dockerfile': 'FROM scratch\n',
      'rootfs/b/Dockerfile': 'FROM scratch\n',
      'library/.keep': '',
    };
    await using open = await cloudCatalog({
      ...FILES,
      'examples/c/Kraftfile': 'spec: v0.6\n',
      'examples/c/x/Dockerfile': '',
    });
    const entries = await discoverEntries(open.path);
    expect(entries.map(({ name }) => name)).toEqual(['examples/a', 'examples/c']);
    const unit = (await readUnit(join(open.path, 'examples/a'))) as RootfsUnit;
    expect(unit.kraftfiles[0].kraftfile).toMatchObject({
      spec: 'v0.6',
      runtime: { reference: 'base:latest' },
    });
  });
});
