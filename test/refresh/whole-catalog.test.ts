import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entriesToRefresh } from '../../src/refresh/entries-of.ts';
import { lookAhead } from '../../src/refresh/look-ahead.ts';
import { refreshEntry } from '../../src/refresh/refresh.ts';
import { digestOf } from '../../src/registry/manifest.ts';
import { openRegistry } from '../../src/registry/registry.ts';
import { fakeRegistry } from '../registry/fake-registry.ts';
import { catalogOf, type Files } from '../support/catalog.ts';

const TAGS = ['3.10', '3.12', '3.14'];
const OTHERS = Array.from({ length: 20 }, (_, at) => `examples/app${at}-python3.14`);

function entryOf(name: string, image: string): Files {
  return {
    [`${name}/Dockerfile`]: `FROM ${image}\n`,
    [`${name}/Kraftfile`]: 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/a"]\n',
  };
}

test('a dry run of a whole catalog plans each new entry once, and asks for the tags of an image once', async () => {
  await using server = await fakeRegistry(({ path }) => {
    if (path.includes('/tags/')) return { body: { tags: TAGS } };
    const body = JSON.stringify({ config: { digest: digestOf(Buffer.from(path)) } });
    const digest = digestOf(Buffer.from(body));
    const type = 'application/vnd.oci.image.manifest.v1+json';
    return { headers: { 'content-type': type, 'docker-content-digest': digest }, body };
  });
  const image = (version: string) => `${server.host}/python:${version}`;
  await using catalog = await catalogOf(
    Object.assign(
      entryOf('examples/flask-python3.10', image('3.10')),
      entryOf('examples/flask-python3.12', image('3.12')),
      ...OTHERS.map((name) => entryOf(name, image('3.14'))),
    ),
  );
  const signal = AbortSignal.timeout(60_000);
  const settings = { mirrors: [], insecure: [] };
  await using registry = openRegistry({ settings, proxies: { http: '', https: '', no: '' }, signal });
  const engine = async () => Promise.reject(new Error('a dry run needs no engine'));
  const tools = { engine, registry, signal, on: () => undefined };
  const wish = { policy: 'minor', isPolicyGiven: false, to: null } as const;
  const planned = new Map<string, string>();
  const stateDirectory = join(catalog.path, '.kraft-slim');
  const options = { wish, dryRun: true, stateDirectory, untrusted: false, planned };
  const paths = await entriesToRefresh(catalog.path);
  await lookAhead(paths, options, tools);
  expect(planned.size).toBe(0);
  const requests = server.asked;
  const before = requests.length;
  const results = [];
  for (const path of paths) results.push((await refreshEntry(path, options, tools)).result);

  // the second pass asks for the image of the entry that stays since another leads to its newer version
  expect(requests.slice(before).map(({ path }) => path)).toEqual(['/v2/python/manifests/3.10']);
  expect(requests.filter(({ path }) => path.includes('/tags/'))).toHaveLength(1);
  const flask = results.filter(({ entry }) => entry.startsWith('examples/flask-'));
  expect(flask.map(({ entry, status, made, reason }) => [entry, status, made, reason])).toEqual([
    ['examples/flask-python3.12', 'planned', 'examples/flask-python3.14', null],
    [
      'examples/flask-python3.10',
      'current',
      null,
      'examples/flask-python3.12 leads to examples/flask-python3.14',
    ],
  ]);
  expect(results).toHaveLength(22);
  for (const { status, reason } of results.filter(({ entry }) => OTHERS.includes(entry))) {
    expect([status, reason]).toEqual([
      'current',
      `${image('3.14')}: no tag with the same words behind the version is newer`,
    ]);
  }
});
