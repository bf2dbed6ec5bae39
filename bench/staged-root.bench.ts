import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import type { ImageId } from '../src/engine/engine.ts';
import { labelsOfRun } from '../src/engine/labels.ts';
import { assembleLayout } from '../src/plan/layout.ts';
import { imagePath } from '../src/shared/image-path.ts';
import { docker, labelWords } from '../test/support/docker.ts';
import { renderWhole } from '../test/support/dockerfile.ts';
import { rootfsOf } from '../test/support/rootfs.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../test/support/temporary-directory.ts';
import { race } from './rounds.ts';

const FILES = 3_000;
const IN_DIRECTORY = 30;

/** As an interpreter's library directory has them: many small files, some of its modules large. Bytes each. */
const SIZES = [...Array<number>(20).fill(2_000), ...Array<number>(9).fill(20_000), 200_000];

const PATHS = Array.from({ length: FILES }, (_, at) => `/data/${Math.floor(at / IN_DIRECTORY)}/file-${at}`);

/** The stage with the files, built before anything is timed. */
const BUILD = [
  'FROM debian:bookworm AS build',
  // what the classic builder keeps of its stages goes with the next run of the tool
  ...Object.entries(labelsOfRun()).map(([name, value]) => `LABEL ${name}="${value}"`),
  `RUN at=0; while [ $at -lt ${FILES} ]; do mkdir -p /data/$((at / ${IN_DIRECTORY})); \\`,
  `    set -- ${SIZES.join(' ')}; shift $((at % ${SIZES.length})); \\`,
  `    head -c $1 /dev/urandom >/data/$((at / ${IN_DIRECTORY}))/file-$at; at=$((at + 1)); done`,
].join('\n');

const READY = [BUILD, 'FROM build AS ready', 'RUN mkdir /.rootfs && cp -a /data /.rootfs/root'];
const COPY = ['FROM scratch', 'COPY --from=ready /.rootfs/root/ /', ''];

/** What no stage that runs anything can be quicker than. */
const IDLE = [...READY, 'FROM ready AS rootfs', 'RUN true', ...COPY]
  .join('\n')
  .replace('--from=ready', '--from=rootfs');

let directory: TemporaryDirectory;
let staged: string;
beforeAll(async () => {
  directory = await temporaryDirectory();
  await using rootfs = await rootfsOf(Object.fromEntries(PATHS.map((path) => [path, 'x'])));
  const layout = assembleLayout(
    rootfs,
    PATHS.map((path) => ({ path: imagePath(path), source: imagePath(path), reasons: [] })),
  );
  const staging = { kind: 'possible', list: 'rootfs.list', place: imagePath('/.rootfs') } as const;
  const { text, list } = renderWhole(layout, { staging, text: `${BUILD}\n` });
  staged = text;
  await writeFile(join(directory.path, 'rootfs.list'), list ?? '');
});
afterAll(() => directory[Symbol.asyncDispose]());

test.each([
  ['the classic builder', '0'],
  ['BuildKit', '1'],
])('a root of 3,000 files by a list, beside one that is ready: %s', async (builder, buildKit) => {
  let round = 0;
  const timed = async (text: string) => {
    round += 1;
    // another directory in each round, since BuildKit caches a COPY by what it copies
    const fresh = text
      .replace(/^FROM \w+ AS rootfs\n/m, `$&ENV ROUND=${round}\n`)
      .replace('root/ /\n', `root/ /${round}/\n`);
    const begun = performance.now();
    const image = await build(fresh, buildKit);
    const elapsed = performance.now() - begun;
    await docker(['image', 'rm', '--force', image]);
    return elapsed;
  };
  await race(`${FILES} files by ${builder}`, [
    { name: 'one COPY of the ready directory', run: () => timed([...READY, ...COPY].join('\n')) },
    { name: 'the same behind a RUN that does nothing', run: () => timed(IDLE) },
    { name: 'assembled from rootfs.list, and one COPY', run: () => timed(staged) },
  ]);
});

async function build(text: string, buildKit: string): Promise<ImageId> {
  await writeFile(join(directory.path, 'Dockerfile'), text);
  const words = ['build', '--quiet', ...labelWords(), directory.path];
  return (await docker(words, { DOCKER_BUILDKIT: buildKit })) as ImageId;
}
