import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { writeMarker } from '../../src/dockerfile/marker.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { rootListHash } from '../../src/dockerfile/root-list.ts';
import { targetStage } from '../../src/dockerfile/stages-used.ts';
import type { Engine, ImageConfig, ImageId } from '../../src/engine/engine.ts';
import type { RootfsUnit } from '../../src/entry/unit.ts';
import { contextNeeds } from '../../src/slim/find/context-needs.ts';
import type { Warning } from '../../src/slim/result.ts';
import { type RootfsTable, rootfsOf, tarOf } from '../support/rootfs.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

type Build = {
  readonly dockerfile: string;
  /** Files of the context, links as `symlink TARGET`. */
  readonly context: Readonly<Record<string, string | Uint8Array>>;
  readonly built: RootfsTable;
  readonly image?: { readonly env: readonly string[]; readonly workingDir: string };
  /** What the engine says of base images. */
  readonly bases?: Readonly<Record<string, { readonly env: readonly string[]; readonly workingDir: string }>>;
};

/** The needs in lines `path < source`, without directories, and the warnings. */
async function needsOf({ dockerfile: text, context, built, image, bases = {} }: Build) {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, 'Dockerfile'), text);
  for (const [name, content] of Object.entries(context)) {
    const target = typeof content === 'string' ? /^symlink (.*)$/.exec(content)?.[1] : undefined;
    if (target === undefined) await writeFile(join(directory.path, name), content);
    else await symlink(target, join(directory.path, name));
  }
  await using rootfs = await rootfsOf({ ...built, '/bin/sh': 'sh' });
  const dockerfile = parseDockerfile(text);
  const warnings: Warning[] = [];
  const needs = await contextNeeds(
    engineWith(bases),
    { warn: (warning) => warnings.push(warning) },
    {
      unit: {
        catalogRoot: directory.path,
        context: directory.path,
        directory: directory.path,
        dockerfile: 'Dockerfile',
      } as RootfsUnit,
      dockerfile,
      full: targetStage(dockerfile) as NonNullable<ReturnType<typeof targetStage>>,
      image: image ?? { env: [], workingDir: '' },
      rootfs,
    },
  );
  const files = needs.filter(({ path }) => rootfs.lookup(path)?.type !== 'directory');
  const lines = files.map(
    ({ path, reason }) => `${path} < ${reason.kind === 'build-context' ? reason.source : reason.kind}`,
  );
  return { lines, warnings: warnings.map(({ code, message }) => `${code}: ${message}`) };
}

function engineWith(bases: NonNullable<Build['bases']>): Engine {
  const inspectImage = async (reference: string): Promise<ImageConfig | undefined> => {
    const base = bases[reference];
    if (base === undefined) return undefined;
    return {
      id: '' as ImageId,
      entrypoint: [],
      cmd: [],
      ports: [],
      volumes: [],
      layers: [],
      bytes: 0,
      digests: [],
      architecture: 'amd64',
      user: '',
      ...base,
    };
  };
  return { inspectImage } as Partial<Engine> as Engine;
}

test('a COPY of the whole context copies all but the Dockerfile', async () => {
  const dockerfile = 'FROM a\nCOPY . /app\n';
  const built = { '/app/Dockerfile': dockerfile, '/app/page': 'page', '/app/Dockerfile.orig': 'old' };
  const context = { page: 'page', 'Dockerfile.orig': 'old' };
  expect(await needsOf({ dockerfile, context, built })).toEqual({
    lines: ['/app/page < page'],
    warnings: [],
  });
});

test('it copies a rootfs.list of the author’s, but none that the tool wrote', async () => {
  const dockerfile = 'FROM a\nCOPY . /app\n';
  const fields = { before: null, minimal: 'none', promise: 'app', list: rootListHash('/a\n') } as const;
  const ours = `${dockerfile}${writeMarker(dockerfile, 'FROM scratch\n', fields)}FROM scratch\n`;
  const context = { 'rootfs.list': '/a\n' };
  const built = { '/app/rootfs.list': '/a\n' };
  const linesOf = async (text: string) =>
    (await needsOf({ dockerfile, context: { ...context, Dockerfile: text }, built })).lines;
  expect(await linesOf(dockerfile)).toEqual(['/app/rootfs.list < rootfs.list']);
  expect(await linesOf(ours)).toEqual([]);
});

test('a link that leads nowhere is warned of and no need', async () => {
  const built = { '/app/gone': 'symlink nowhere', '/app/page': 'page' };
  const context = { page: 'page', gone: 'symlink nowhere' };
  expect(await needsOf({ dockerfile: 'FROM a\nCOPY . /app\n', context, built })).toEqual({
    lines: ['/app/page < page'],
    warnings: [
      'need-missing: kraft-slim leaves out /app/gone, which leads to no file: gone is a dangling link',
    ],
  });
});

const PAGE = { context: { page: 'page' } };

test.each<[string, Build, string[]]>([
  [
    'where the engine knows it',
    {
      ...PAGE,
      dockerfile: 'FROM a\nCOPY page $DIR/\n',
      built: { '/srv/x/page': 'page' },
      bases: { a: { env: ['DIR=x'], workingDir: '/srv' } },
    },
    ['/srv/x/page < page'],
  ],
  [
    'from the built image, where no stage sets it',
    {
      ...PAGE,
      dockerfile: 'FROM a AS base\nFROM base\nCOPY page $DIR/\n',
      built: { '/srv/x/page': 'page' },
      image: { env: ['DIR=x'], workingDir: '/srv' },
    },
    ['/srv/x/page < page'],
  ],
  [
    'from the stage, where that sets it',
    {
      ...PAGE,
      dockerfile: 'FROM a\nWORKDIR /srv\nCOPY page $DIR/\nWORKDIR /\n',
      built: { '/srv/x/page': 'page' },
      image: { env: ['DIR=x'], workingDir: '/' },
    },
    ['/srv/x/page < page'],
  ],
])('the WORKDIR of a base comes %s', async (_, build, lines) => {
  expect(await needsOf(build)).toEqual({ lines, warnings: [] });
});

const unknown = (image: string, line: number) =>
  `context-unknown: the engine does not report the WORKDIR and ENV of ${image}, on which line ${line} depends: kraft-slim may drop files that this line copies if no probe touches them`;

test.each([
  ['FROM a\nCOPY page .\nWORKDIR /x\n', [unknown('a', 2)]],
  ['FROM b AS b\nCOPY page .\nFROM a\nCOPY --from=b /page /x/\n', [unknown('b', 2)]],
  ['FROM b AS b\nCOPY page /$DIR\nFROM a\nCOPY --from=b /page /x/\n', [unknown('b', 2)]],
  ['FROM b AS b\nCOPY page .\nFROM a\nCOPY page /x/\n', []],
  ['FROM b AS b\nWORKDIR /x\nCOPY page .\nFROM a\nCOPY --from=b /x/page /x/\n', []],
])('an unknown base is warned of where it matters: %j', async (dockerfile, warnings) => {
  const result = await needsOf({ ...PAGE, dockerfile, built: { '/x/page': 'page' } });
  expect(result.warnings).toEqual(warnings);
});

const site = async () => await buffer(tarOf({ '/site/index.html': 'index', '/site/gone': 'gone' }));
const UNPACKED = { '/www/site/index.html': 'index', '/www/other': 'other' };

test('what an ADD unpacked is what its archive holds', async () => {
  const context = { 'site.tar.gz': gzipSync(await site()) };
  const build = { dockerfile: 'FROM a\nADD site.tar.gz /www\n', context, built: UNPACKED };
  expect(await needsOf(build)).toEqual({ lines: ['/www/site/index.html < site.tar.gz'], warnings: [] });
});

test('also where a COPY has copied the archive as it is', async () => {
  const archive = gzipSync(await site());
  const dockerfile = 'FROM a\nCOPY site.tar.gz /app/\nADD site.tar.gz /www\n';
  const built = { ...UNPACKED, '/app/site.tar.gz': archive };
  expect(await needsOf({ dockerfile, context: { 'site.tar.gz': archive }, built })).toEqual({
    lines: ['/app/site.tar.gz < site.tar.gz', '/www/site/index.html < site.tar.gz'],
    warnings: [],
  });
});

const XZ = { 'site.tar.xz': Buffer.from('fd377a585a000004e6d6b446', 'hex') };

test('an archive that cannot be listed holds all that lies where it went', async () => {
  const build = { dockerfile: 'FROM a\nADD site.tar.xz /www\n', context: XZ, built: UNPACKED };
  expect(await needsOf(build)).toEqual({
    lines: ['/www/other < site.tar.xz', '/www/site/index.html < site.tar.xz'],
    warnings: [],
  });
});

test('but in the root it is warned of', async () => {
  const build = { dockerfile: 'FROM a\nADD site.tar.xz /\n', context: XZ, built: UNPACKED };
  expect(await needsOf(build)).toMatchObject({
    lines: [],
    warnings: [expect.stringMatching(/^context-unknown: site\.tar\.xz is unpacked into \//)],
  });
});
