import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { kraftfileDirectories } from '../../src/catalog/walk.ts';
import { migrateEntry } from '../../src/migrate/migrate.ts';
import { makeBranches } from '../../src/pr/make-branches.ts';
import { entriesToRefresh } from '../../src/refresh/entries-of.ts';
import { refreshEntry } from '../../src/refresh/refresh.ts';
import { digestOf } from '../../src/registry/manifest.ts';
import { openRegistry } from '../../src/registry/registry.ts';
import { emptyResult } from '../../src/slim/result.ts';
import { hashOf, STATE_DIRECTORY, stateKeyOf, writeState } from '../../src/slim/state/state.ts';
import { fakeRegistry } from '../registry/fake-registry.ts';
import { type Catalog, cloudCatalog } from '../support/catalog.ts';
import { CLOUD_CATALOG } from '../support/cloud-catalog.ts';
import { git } from '../support/git.ts';

/** What upstream has of the bases of the catalog. */
const TAGS: Readonly<Record<string, readonly string[]>> = {
  '/v2/debian/': ['bookworm', 'trixie'],
  '/v2/gcc/': ['13.2', '13.4', '15.2'],
  '/v2/cc-debian12/': ['nonroot', 'latest'],
  '/v2/python/': ['3.12-alpine', '3.14-alpine'],
  '/v2/erlang/': ['26.2', '26.3', '27.1'],
  '/v2/redis/': ['7.2', '7.4', '8.0'],
  '/v2/node/': ['21-alpine', '22-alpine'],
};

/** The catalog with all of its bases at a registry. */
function catalogAt(host: string) {
  return Object.fromEntries(
    Object.entries(CLOUD_CATALOG).map(([name, text]) => [
      name,
      name.endsWith('Dockerfile') && typeof text === 'string'
        ? text.replace(/^FROM (?!scratch)(?:gcr\.io\/distroless\/)?/gm, `FROM ${host}/`)
        : text,
    ]),
  );
}

let catalog: Catalog;
beforeAll(async () => {
  catalog = await cloudCatalog(catalogAt('registry.example'));
  await git(catalog.path, 'branch', '--move', 'main');
  for (const [key, value] of Object.entries({ name: 'Ada Lovelace', email: 'ada@example.org' }))
    await git(catalog.path, 'config', `user.${key}`, value);
  for (const name of ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('HOME', catalog.path);
  vi.stubEnv('XDG_CONFIG_HOME', catalog.path);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await catalog[Symbol.asyncDispose]();
});

test('refresh plans new entries at the top of the catalog, and gives a reason for all others', async () => {
  await using server = await fakeRegistry(({ path }) => {
    const tags = Object.entries(TAGS).find(([begin]) => path.startsWith(begin))?.[1];
    if (tags === undefined) return undefined;
    if (path.includes('/tags/')) return { body: { tags } };
    const headers = {
      'content-type': 'application/vnd.oci.image.manifest.v1+json',
      'docker-content-digest': digestOf(Buffer.from(path)),
    };
    return { headers, body: '{}' };
  });
  await using open = await cloudCatalog(catalogAt(server.host));
  const signal = AbortSignal.timeout(60_000);
  const settings = { mirrors: [], insecure: [] };
  await using registry = openRegistry({ settings, proxies: { http: '', https: '', no: '' }, signal });
  const engine = async () => Promise.reject(new Error('a dry run needs no engine'));
  const wish = { policy: 'minor', isPolicyGiven: false, to: null } as const;
  const options = { wish, dryRun: true, stateDirectory: null, untrusted: false, planned: new Map() };
  const found: Record<string, string> = {};
  for (const path of await entriesToRefresh(open.path)) {
    const { result } = await refreshEntry(path, options, { engine, registry, signal, on() {} });
    const { entry, status, made, reason } = result;
    found[entry] = (made ?? `${status}: ${reason}`).replaceAll(`${server.host}/`, '');
  }
  expect(found).toEqual({
    caddy: 'skipped: the rootfs is a plain directory',
    express: 'current: node:21-alpine: 22-alpine is beyond the policy',
    'helloworld-c': 'current: Dockerfile builds on no image with a tag',
    'httpserver-c-distroless': expect.stringContaining('gcc:13.2: 13.4 is newer, but the entry is not named'),
    'httpserver-erlang26.2': 'httpserver-erlang26.3',
    'httpserver-perl5.36': 'current: debian:bookworm: the tag has no version that could move',
    'httpserver-perl5.36-bare': 'current: debian:bookworm: the tag has no version that could move',
    'httpserver-python3.12': 'httpserver-python3.14',
    imaginary: 'skipped: the Kraftfile names no rootfs',
    nginx: 'current: Dockerfile builds on no image with a tag',
    'redis7.2': 'redis7.4',
    'shop/db': 'current: debian:bookworm: the tag has no version that could move',
    'shop/web': 'current: debian:bookworm: the tag has no version that could move',
  });
});

test('migrate writes every entry in the newer form once, and pr puts each forward on a branch', async () => {
  const migrate = async () => {
    const done: Record<string, string> = {};
    for (const directory of kraftfileDirectories(catalog.path, { root: catalog.path })) {
      const options = { to: 'v0.7', root: catalog.path, dryRun: false, force: false } as const;
      const { result } = await migrateEntry(directory, options);
      done[result.entry] = result.reason ?? result.status;
    }
    return done;
  };
  const first = await migrate();
  const migrated = Object.keys(first).filter((entry) => first[entry] === 'migrated');
  expect(migrated).toEqual(expect.arrayContaining(['caddy', 'imaginary', 'nginx']));
  expect(Object.values(await migrate())).toEqual(Array(Object.keys(first).length).fill('unchanged'));

  // as a verified run leaves them
  await catalog.write({ 'nginx/Dockerfile': (text) => `${text}# slim\n` });
  const [name, dockerfile] = ['nginx', 'Dockerfile'];
  await writeState(join(catalog.path, STATE_DIRECTORY), {
    schema: 'kraft-slim/state/1',
    entry: stateKeyOf({ name, dockerfile }),
    written: { [dockerfile]: hashOf(await catalog.read('nginx/Dockerfile')) },
    result: { ...emptyResult(name), status: 'slimmed', verified: true, after: { files: 2, bytes: 6 } },
    kept: [],
    missed: [],
    fingerprint: null,
  });
  // pr wants nothing else to have changed
  await git(catalog.path, 'add', '--all', '--', ':!nginx', ':!.kraft-slim');
  await git(catalog.path, 'commit', '--quiet', '--message', 'Migrate the others');
  const options = { single: false, push: false, gh: false, stateDirectory: null };
  const branches = await makeBranches([join(catalog.path, 'nginx')], options);
  expect(branches.map(({ branch }) => branch)).toEqual(['kraft-slim/nginx']);
  const names = await git(catalog.path, 'diff', '--name-only', 'main...kraft-slim/nginx');
  expect(names.trim().split('\n').sort()).toEqual(
    ['nginx/Dockerfile', 'nginx/Kraftfile', 'nginx/README.md'].filter((path) => names.includes(path)),
  );
  expect(names).toContain('nginx/Kraftfile');
});
