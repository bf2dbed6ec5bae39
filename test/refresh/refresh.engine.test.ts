import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RefreshResult } from '../../src/refresh/report.ts';
import { fakeRegistry } from '../registry/fake-registry.ts';
import { type Catalog, catalogOf, type Files } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { type ImageRegistry, imageRegistry } from '../support/image-registry.ts';
import { schemaFaults } from '../support/schemas.ts';

const NAMES = ['hello', 'poem', 'rhyme'];

let registry: ImageRegistry;
let catalog: Catalog;

// the tests of this file follow one registry and one catalog, in their order
beforeAll(async () => {
  registry = await imageRegistry();
  for (const name of NAMES) await push(name, '1.0');
  const entries = NAMES.map((name) => entryOf(name, `${registry.host}/${name}:1.0-bookworm`));
  catalog = await catalogOf(Object.assign({ 'README.md': table(NAMES) }, ...entries));
});
afterAll(async () => {
  await catalog?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
});

/** An image whose program prints a text with its version; the second one keeps it in another file as well. */
async function push(
  name: string,
  version: string,
  rest: Readonly<Record<string, string>> = {},
): Promise<void> {
  const dpkg = `Package: ${name}\nStatus: install ok installed\nVersion: ${version}-1\n`;
  const files = {
    '/usr/share/text': `${name} says ${version}\n`,
    '/usr/share/waste': 'waste\n',
    '/var/lib/dpkg/status': dpkg,
    ...rest,
  };
  await registry.push(`${name}:${version}-bookworm`, { files });
}

function entryOf(name: string, image: string): Files {
  const entry = `library/${name}/1.0`;
  const block = (text: string) => `\`\`\`\n${text}\n\`\`\`\n`;
  return {
    [`${entry}/Dockerfile`]: `FROM ${image}\n`,
    [`${entry}/Kraftfile`]: `spec: v0.6\n\nname: ${name}\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/usr/bin/cat", "/usr/share/text"]\n`,
    [`${entry}/README.md`]: `# ${name} 1.0\n\n${block('kraft run .')}\n${block(`${name} says 1.0`)}`,
    [`${entry}/.gitignore`]: '/.unikraft/\n',
    [`.github/workflows/library-${name}1.0.yaml`]: `name: ${entry}\non: { push: { paths: ['${entry}/**'] } }\n`,
  };
}

function table(names: readonly string[]): string {
  const rows = names.map(
    (name) => `| [x](library-${name}1.0.yaml) | [\`unikraft.org/${name}:1.0\`](library/${name}/1.0) |`,
  );
  return `# Catalog\n\n| Status | Image |\n|-|-|\n${rows.join('\n')}\n`;
}

async function refresh(...args: string[]) {
  const { document, exitCode } = await runJson(['refresh', ...args], { cwd: catalog.path });
  expect(schemaFaults(document)).toEqual([]);
  const results = document.results as readonly RefreshResult[];
  return { exitCode, results, of: (entry: string) => results.find((one) => one.entry === entry) };
}

test('what has never been seen is remembered, and left alone', async () => {
  for (const name of NAMES) {
    const { document } = await runJson([`library/${name}/1.0`], { cwd: catalog.path });
    expect(document).toMatchObject({ status: 'slimmed' });
  }
  await catalog.commit();
  const { exitCode, results } = await refresh('--all');
  expect(exitCode).toBe(0);
  expect(results.map(({ entry, status }) => [entry, status])).toEqual(
    ['rhyme', 'poem', 'hello'].map((name) => [`library/${name}/1.0`, 'current']),
  );
  expect(await catalog.status()).toEqual([]);
});

test('newer versions are reported, and with --dry-run nothing is made', async () => {
  for (const name of NAMES) {
    await push(name, '1.2', { '/usr/share/more': 'more' });
    await push(name, '2.0');
  }
  const { results } = await refresh('--all', '--dry-run');
  expect(results.map(({ status, made }) => [status, made])).toEqual(
    ['rhyme', 'poem', 'hello'].map((name) => ['planned', `library/${name}/1.2`]),
  );
  expect(await catalog.status()).toEqual([]);
});

test('of three images the newer versions are made, slimmed and verified, and the old ones stay', async () => {
  const { exitCode, results } = await refresh('--all');
  expect(exitCode).toBe(0);
  for (const result of results) {
    expect(result).toMatchObject({ status: 'made', result: { status: 'slimmed', verified: true } });
    const name = result.entry.split('/')[1] ?? '';
    expect(result.changes).toMatchObject({
      files: { added: [], removed: [] },
      packages: { added: [], removed: [], changed: [{ name, from: '1.0-1', to: '1.2-1' }] },
    });
    const made = `library/${name}/1.2`;
    expect(result.written).toEqual([made, `.github/workflows/library-${name}1.2.yaml`, 'README.md']);
    expect(await catalog.read(`${made}/Dockerfile`)).toContain(
      `FROM ${registry.host}/${name}:1.2-bookworm AS build`,
    );
    expect(await catalog.read(`${made}/README.md`)).toContain(`${name} says 1.2`);
    const workflow = await catalog.read(`.github/workflows/library-${name}1.2.yaml`);
    expect(workflow).toBe(`name: ${made}\non: { push: { paths: ['${made}/**'] } }\n`);
  }
  const rows = (await catalog.read('README.md')).split('\n').filter((line) => line.includes('](library/'));
  expect(rows.map((line) => /\((library\/.*)\)/.exec(line)?.[1])).toEqual(
    NAMES.flatMap((name) => [`library/${name}/1.0`, `library/${name}/1.2`]),
  );
  const changed = (await catalog.status()).map((line) => line.slice(3));
  expect(changed.filter((path) => path.startsWith('library/') && path.includes('/1.0/'))).toEqual([]);
  await catalog.commit();
});

test('run again, all is current, and what lies beyond the policy is reported', async () => {
  const { results, of } = await refresh('--all');
  expect(results.map(({ status }) => status)).toEqual(Array(6).fill('current'));
  expect(of('library/hello/1.2')?.bases).toMatchObject([{ newer: null, beyond: '2.0-bookworm' }]);
  expect(of('library/hello/1.0')?.reason).toBe('library/hello/1.2 is there already');
  expect(await catalog.status()).toEqual([]);
});

test('another image behind the same tag is a reason to do the entry again, in its place', async () => {
  await registry.push('hello:1.2-bookworm', {
    files: {
      '/usr/share/text': 'hello says 1.2 anew\n',
      '/var/lib/dpkg/status': 'Package: hello\nStatus: install ok installed\nVersion: 1.2-2\n',
    },
  });
  const { exitCode, results, of } = await refresh('--all');
  expect(exitCode).toBe(0);
  expect(results.filter(({ status }) => status !== 'current').map(({ entry }) => entry)).toEqual([
    'library/hello/1.2',
  ]);
  expect(of('library/hello/1.2')).toMatchObject({
    status: 'redone',
    made: null,
    changes: { packages: { changed: [{ name: 'hello', from: '1.2-1', to: '1.2-2' }] } },
    result: { verified: true, before: { files: 5 } },
  });
  expect((await refresh('library/hello/1.2')).of('library/hello/1.2')?.status).toBe('current');
});

test('a version that does not behave is not kept', async () => {
  await registry.push('poem:1.3-bookworm', { files: { '/usr/share/text': 'nothing to do with it\n' } });
  const { exitCode, of } = await refresh('library/poem/1.2');
  expect(of('library/poem/1.2')).toMatchObject({ status: 'failed', code: 'workload-failed', written: [] });
  expect(exitCode).toBe(2);
  expect(existsSync(join(catalog.path, 'library/poem/1.3'))).toBe(false);
  expect((await catalog.status()).filter((line) => line.includes('poem'))).toEqual([]);
});

test('a registry that is not there or refuses, and a tag that is gone, are reported, and the others continue', async () => {
  await using locked = await fakeRegistry(() => ({
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="x"' },
  }));
  await using busy = await fakeRegistry(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
  const faults = {
    absent: '127.0.0.1:1/absent:1.0',
    locked: `${locked.host}/locked:1.0`,
    busy: `${busy.host}/busy:1.0`,
    gone: `${registry.host}/hello:0.9-bookworm`,
  };
  const entries = Object.entries(faults).map(([name, image]) => entryOf(name, image));
  await catalog.write(Object.assign({}, ...entries));
  await push('rhyme', '1.4');
  const { exitCode, of } = await refresh('--all');
  expect(exitCode).toBe(1);
  expect(of('library/absent/1.0')).toMatchObject({
    code: 'registry-unreachable',
    reason: expect.stringContaining('cannot reach the registry 127.0.0.1:1'),
  });
  expect(of('library/locked/1.0')).toMatchObject({
    code: 'registry-denied',
    reason: expect.stringContaining('it requires a login, or the repository does not exist (401)'),
  });
  expect(of('library/busy/1.0')).toMatchObject({
    code: 'rate-limited',
    reason: expect.stringContaining('it refuses further requests for 3600 s (429)'),
  });
  expect(of('library/gone/1.0')).toMatchObject({
    code: 'image-not-found',
    reason: expect.stringContaining('there is no such tag or digest'),
  });
  expect(of('library/rhyme/1.2')).toMatchObject({ status: 'made', made: 'library/rhyme/1.4' });
});
