import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { SECRET, snapshot } from '../support/canaries.ts';
import { runJson } from '../support/cli.ts';
import { type HostileCatalog, hostileCatalog } from '../support/hostile-catalog.ts';
import { drawSome } from '../support/samples.ts';

/** An entry without a Dockerfile: a sweep needs no engine for it. */
const ROW = {
  name: 'plain',
  tries: 'nothing',
  ends: 'no-dockerfile',
  files: { Kraftfile: 'spec: v0.6\nruntime: base:latest\ncmd: ["/a"]\n' },
};

type Forge = (state: string, catalog: HostileCatalog) => unknown;

const pipe: Forge = (path) => execFileSync('mkfifo', [path]);
const huge: Forge = async (path) => {
  await writeFile(path, '');
  await truncate(path, 8 * 1024 ** 3);
};
const linkTo =
  (target: string): Forge =>
  (path) =>
    symlink(target, path);
const text =
  (content: string): Forge =>
  (path) =>
    writeFile(path, content);

const FILES: readonly (readonly [string, Forge])[] = [
  ['an empty file', text('')],
  ['text', text('forged\n')],
  ['a JSON document', text('{"schema":"kraft-slim/state/1","entry":"examples/plain","result":null}\n')],
  ['a file of 8 GiB', huge],
];

const directory: Forge = (path) => mkdir(join(path, 'below'), { recursive: true });

const LINKS: readonly (readonly [string, Forge])[] = [
  ['a link to the host', linkTo('../../host/secret')],
  ['a link to a directory of the host', linkTo('../../host/state')],
  ['a dangling link', linkTo('../../host/new')],
  ['a link to a device', linkTo('/dev/zero')],
  ['a pipe', pipe],
];

const STEADS = [...FILES, ...LINKS];

const PLACES = ['sweep.ndjson', 'units', 'making/x.json', '.gitignore'];

/** Sweeps a catalog whose state a stranger has made. */
async function sweepOver(forge: Forge, args: readonly string[] = []) {
  await using catalog = await hostileCatalog({ rows: [ROW], good: 0 });
  const state = join(catalog.path, '.kraft-slim');
  await mkdir(join(state, 'making'), { recursive: true });
  await forge(state, catalog);
  const before = snapshot(catalog.top);
  const { document, exitCode, stdout, stderr } = await runJson(['sweep', ...args], {
    cwd: catalog.path,
    env: { ...catalog.env, DOCKER_HOST: 'unix:///nowhere' },
  });
  expect(snapshot(catalog.top)).toEqual(before);
  expect(stdout + stderr).not.toContain(SECRET);
  const results = (document.results ?? []) as Result[];
  return { exitCode, document, stderr, codes: results.map(({ entry, code }) => [entry, code]) };
}

const GOES_ON = { exitCode: 0, codes: [['examples/plain', 'no-dockerfile']] };

/** Something else in the place of a file or a directory of the state. */
async function put(forge: Forge, path: string, catalog: HostileCatalog): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await forge(path, catalog);
}

// every stead stands in every place once; a run takes a place's worth of them
test.each(
  drawSome(
    STEADS.map(([stead], at) => [stead, at] as const),
    { ci: 4, soak: STEADS.length },
  ),
)('a sweep goes on where its state is forged, %s first', async (_, first) => {
  const forged = await sweepOver(async (state, catalog) => {
    for (const [at, place] of PLACES.entries()) {
      const [, forge] = STEADS[(first + at) % STEADS.length] as (typeof STEADS)[number];
      await put(forge, join(state, place), catalog);
    }
  });
  expect(forged).toMatchObject(GOES_ON);
});

const LOCKS = [...STEADS, ['a directory', directory] as const];

test.each(drawSome(LOCKS, { ci: 4, soak: LOCKS.length }))(
  'a sweep goes on where its lock is %s',
  async (_, forge) => {
    const forged = await sweepOver((state, catalog) => forge(join(state, 'sweep.lock'), catalog));
    expect(forged).toMatchObject(GOES_ON);
  },
);

test('a sweep goes on where its journal is a directory', async () => {
  const forged = await sweepOver((state, catalog) => directory(join(state, 'sweep.ndjson'), catalog));
  expect(forged).toMatchObject(GOES_ON);
});

test('notes about entries that were begun remove nothing, since this user has not signed them', async () => {
  const directories = ['x/../../../host/victim', '../host/victim', '../../host', '/etc', '.', '..'];
  const forged = await sweepOver(async (state, catalog) => {
    for (const [at, directory] of [...directories, join(catalog.top, 'host'), 'examples/plain'].entries()) {
      const note = JSON.stringify({ directory, owner: 'elsewhere/1/1' });
      await writeFile(join(state, `making/${at}.json`), `${'0'.repeat(64)} ${note}\n`);
    }
  });
  expect(forged).toMatchObject(GOES_ON);
});

test.each([
  ['a link to the host', linkTo('../host/state')],
  ['a dangling link', linkTo('../host/new')],
  ['a file', text('forged')],
  ['a pipe', pipe],
])('a sweep goes on without state where its directory is %s', async (_, forge) => {
  const forged = await sweepOver(async (state, catalog) => {
    await rm(state, { recursive: true, force: true });
    await forge(state, catalog);
  });
  expect(forged).toMatchObject(GOES_ON);
  expect(forged.stderr).toContain('this sweep keeps no journal');
});

test('a state directory that the user names is refused before any entry where it is a link', async () => {
  const { exitCode, document } = await sweepOver(
    async (state, catalog) => {
      await rm(state, { recursive: true, force: true });
      await linkTo('../host/state')(state, catalog);
    },
    ['--state', '.kraft-slim'],
  );
  expect([exitCode, document.schema, document.code]).toEqual([2, 'kraft-slim/error/1', 'refused']);
});

test('a sweep goes on where its lock is that of a process that no run can see', async () => {
  const forged = await sweepOver((state) =>
    writeFile(join(state, 'sweep.lock'), `${randomUUID()} elsewhere/1/1/1/-\n`),
  );
  expect(forged).toMatchObject(GOES_ON);
});
