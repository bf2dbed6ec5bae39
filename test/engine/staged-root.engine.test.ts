import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import type { ImageId } from '../../src/engine/engine.ts';
import { Rootfs } from '../../src/image/rootfs.ts';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { docker, labelWords } from '../support/docker.ts';
import { spoolPath, treeText } from '../support/rootfs.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

/** More directories than COPY lines, and every kind of name that COPY treats in a special way. */
const DOCKERFILE = [
  'FROM debian:bookworm',
  'RUN for n in $(seq 70); do mkdir -p /data/$n; echo $n >/data/$n/number; done; \\',
  '    cd /data; echo Hello >1/hello; ln -s 2 two; ln -s 1/hello link; ln -s /data /alias; \\',
  '    echo b >"a b"; echo s >secret; chown 5:7 secret; chmod 640 secret; cp /bin/true su; chmod 4755 su; \\',
  '    echo h >h1; ln h1 h2; mkdir -m 1777 empty; chown 9 empty; touch -d @86400 1/hello',
  'COPY own /data/own',
  'USER nobody',
  'WORKDIR /nowhere',
  'SHELL ["/bin/bash", "-c"]',
];
const NUMBERS = Array.from({ length: 70 }, (_, at) => String(at + 1));
/** What the command lists and reads. */
const NAMES = ['/data/link', '/data/a b', '/data/secret', '/data/h1', '/data/h2', '/alias/two/number'];
const NUMBERED = NUMBERS.map((n) => `/data/${n}/number`);
// the list is what this is about: beyond what is named, the author's data would stay whole
const KEEP = 'promise: workload\nkeep:\n  - /data/empty\n  - /data/su\n';

let catalog: Catalog;
let first: Result;
beforeAll(async () => {
  catalog = await catalogOf({
    ...smallEntry({
      dockerfile: DOCKERFILE,
      cmd: ['/bin/cat', ...NAMES, ...NUMBERED],
      readme: 'kraft run .\n```\n\n```\nHello',
    }),
    [`${APP}/own`]: 'mine\n',
    [`${APP}/.dockerignore`]: '*\n!own',
    [`${APP}/kraft-slim.yaml`]: KEEP,
  });
  first = await slim();
});
afterAll(() => catalog[Symbol.asyncDispose]());

async function slim(...options: string[]): Promise<Result> {
  const { document } = await runJson([APP, ...options], { cwd: catalog.path });
  return document as unknown as Result;
}

test('an entry of more directories than COPY lines is slimmed by a list, which .dockerignore lets through', async () => {
  const { status, verified, reason, written } = first;
  expect({ status, verified, reason }).toEqual({ status: 'slimmed', verified: true, reason: null });
  expect([...written].sort()).toEqual(['.dockerignore', 'Dockerfile', 'rootfs.list']);
  expect(await catalog.read(`${APP}/.dockerignore`)).toBe('*\n!own\n!rootfs.list\n');
  const list = (await catalog.read(`${APP}/rootfs.list`)).split('\n');
  const places = ['/alias', '/data/two', '/data/1/hello', ...NAMES.slice(0, -1)];
  expect(list).toEqual(expect.arrayContaining([...places, ...NUMBERED, '/data/empty/', '/data/own']));
});

describe.each([
  ['the classic builder', '0'],
  ['BuildKit', '1'],
])('built by hand with %s', (_, buildKit) => {
  let tree: Record<string, string>;
  let time: number | undefined;
  beforeAll(async () => {
    ({ tree, time } = await treeByHand(join(catalog.path, APP), buildKit));
  });

  test('the image holds what the list names, and nothing else', async () => {
    const list = (await catalog.read(`${APP}/rootfs.list`))
      .split('\n')
      .filter((line) => line.startsWith('/'));
    const files = list.filter((line) => !line.endsWith('/'));
    const found = Object.keys(tree).filter((path) => /^(?:file|symlink)/.test(tree[path] ?? ''));
    expect(found.sort()).toEqual(files.sort());
  });

  test('links are links, modes, owners and times are kept, directories are 755 and of root', () => {
    expect(tree).toMatchObject({
      '/data/link': 'symlink 1/hello',
      '/data/1/hello': 'file 644 0:0 Hello\n',
      '/alias': 'symlink /data',
      '/data/two': 'symlink 2',
      '/data/2/number': 'file 644 0:0 2\n',
      '/data/a b': 'file 644 0:0 b\n',
      '/data/secret': 'file 640 5:7 s\n',
      '/data/su': expect.stringMatching(/^file 4755 0:0 /),
      '/data/h1': 'file 644 0:0 h\n',
      '/data/h2': 'file 644 0:0 h\n',
      '/data/empty': 'directory 755 0:0',
      '/data/own': 'file 644 0:0 mine\n',
    });
    expect(time).toBe(86400);
  });
});

test('a second run changes nothing, and git sees nothing', async () => {
  await catalog.commit();
  const { status, verified, written, removed } = await slim();
  expect({ status, verified, written, removed }).toEqual({
    status: 'unchanged',
    verified: true,
    written: [],
    removed: [],
  });
  expect(await catalog.status()).toEqual([]);
});

test('analysed again, the same bytes come out', async () => {
  const { status, written } = await slim('--redo');
  expect({ status, written }).toEqual({ status: 'unchanged', written: [] });
});

test('a list that was edited by hand is noticed, and repaired once git has it', async () => {
  const list = await catalog.read(`${APP}/rootfs.list`);
  const edited = list.replace('/data/70/number\n', '');
  await writeFile(join(catalog.path, APP, 'rootfs.list'), edited);
  expect(await slim()).toMatchObject({ status: 'failed', code: 'would-overwrite' });
  expect(await catalog.read(`${APP}/rootfs.list`)).toBe(edited);
  await catalog.commit();
  expect(await slim()).toMatchObject({ status: 'slimmed', written: ['rootfs.list'] });
  expect(await catalog.read(`${APP}/rootfs.list`)).toBe(list);
});

test('a list that is needed no more is removed', async () => {
  const kraftfile = await catalog.read(`${APP}/Kraftfile`);
  await catalog.write({
    [`${APP}/Kraftfile`]: kraftfile.replace(/cmd: .*/, 'cmd: ["/bin/cat", "/data/link"]'),
  });
  const dockerfile = await catalog.read(`${APP}/Dockerfile`);
  await catalog.write({
    [`${APP}/Dockerfile`]: dockerfile.replace('WORKDIR /nowhere', 'WORKDIR /elsewhere'),
  });
  await catalog.commit();
  const { status, written, removed } = await slim();
  expect({ status, written, removed }).toEqual({
    status: 'slimmed',
    written: ['Dockerfile'],
    removed: ['rootfs.list'],
  });
  expect(await catalog.status()).toContain(` D ${APP}/rootfs.list`);
});

/** What Debian's client builds without the tool, and when `/data/1/hello` says it was changed. */
async function treeByHand(directory: string, buildKit: string) {
  const words = ['build', '--quiet', '--network', 'host', ...labelWords()];
  const image = (await docker([...words, directory], { DOCKER_BUILDKIT: buildKit })) as ImageId;
  try {
    const engine = await connectEngine();
    await using container = await engine.createContainer({
      image,
      argv: ['/'],
      env: {},
      network: 'none',
      limits: { memoryBytes: 64 * 1024 ** 2, pids: 16 },
    });
    await using rootfs = await Rootfs.fromTar(await container.export(), spoolPath());
    const times = [...rootfs.entries()].map(([path, { mtime }]) => [path as string, mtime] as const);
    return { tree: treeText(rootfs), time: new Map(times).get('/data/1/hello') };
  } finally {
    await docker(['image', 'rm', '--force', image]);
  }
}
