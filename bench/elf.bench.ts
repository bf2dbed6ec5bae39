import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { fileSource } from '../src/elf/byte-source.ts';
import { isElf } from '../src/elf/elf-header.ts';
import { loaderFiles } from '../src/elf/loader-files.ts';
import { resolveClosure } from '../src/elf/resolve-closure.ts';
import { connectEngine } from '../src/engine/connect.ts';
import type { Container } from '../src/engine/engine.ts';
import { buildImage } from '../src/image/build.ts';
import { Rootfs } from '../src/image/rootfs.ts';
import type { FileTree } from '../src/shared/file-tree.ts';
import { childOf, type ImagePath, imagePath } from '../src/shared/image-path.ts';
import { temporaryDirectory } from '../test/support/temporary-directory.ts';
import { imageOfSize } from './image-of-size.ts';
import { race } from './rounds.ts';

const NGINX = 'catalog-fixtures/library/nginx/1.22';
const PROGRAM_DIRECTORIES = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'].map((path) =>
  imagePath(path),
);
const LIMITS = { memoryBytes: 1 << 30, pids: 64 };

/** Prints its own microseconds, so that neither the engine's exec nor bash's start is counted. */
const TIMED_LDD =
  'begun=${EPOCHREALTIME/./}; ldd "$@" >/dev/null 2>&1; echo $((${EPOCHREALTIME/./} - begun))';

test('the closure of all programs of nginx beside one ldd over them', async () => {
  const engine = await connectEngine();
  await using directory = await temporaryDirectory();
  const image = await buildImage(engine, {
    directory: NGINX,
    dockerfile: 'Dockerfile',
    text: await readFile(join(NGINX, 'Dockerfile'), 'utf8'),
    settings: { args: {}, secrets: [] },
    onWarning: () => undefined,
  });
  try {
    const argv = ['sleep', 'infinity'];
    await using container = await engine.createContainer({
      image,
      argv,
      env: {},
      network: 'none',
      limits: LIMITS,
    });
    await using rootfs = await Rootfs.fromTar(await container.export(), join(directory.path, 'rootfs.tar'));
    await container.start();
    const programs = programsOf(rootfs);
    await race(`${programs.length} programs of the nginx fixture`, [
      { name: 'one ldd, timed inside a container', run: () => timedLdd(container, programs) },
      { name: 'resolveClosure of each, nothing read before', run: async () => closures(rootfs, programs) },
    ]);
  } finally {
    await engine.removeImage(image);
  }
});

function programsOf(rootfs: Rootfs): ImagePath[] {
  const paths = PROGRAM_DIRECTORIES.flatMap((directory) =>
    rootfs.list(directory).map((name) => childOf(directory, name)),
  );
  return paths.filter((path) => rootfs.lookup(path)?.type === 'file' && isElf(fileSource(rootfs, path)));
}

async function timedLdd(container: Container, programs: readonly string[]): Promise<number> {
  const told = await container.pipe(['bash', '-c', TIMED_LDD, 'ldd', ...programs]);
  return Number(await text(told)) / 1000;
}

function closures(tree: FileTree, programs: readonly string[]): void {
  const files = loaderFiles(tree);
  for (const program of programs) resolveClosure(tree, [program], { files });
}

/** The bound of the plan. */
const MOST_MEGABYTES = 150;

test('memory while a root file system of 350 MB is indexed', async () => {
  await using directory = await temporaryDirectory();
  const argv = [join(import.meta.dirname, 'index-rootfs.mjs'), join(directory.path, 'rootfs.tar')];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [printed] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    pipeline(imageOfSize(350e6), child.stdin),
  ]);
  const { files, bytes, before, growth } = JSON.parse(printed.join(''));
  const megabytes = (value: number) => (value / 1e6).toFixed(0);
  process.stdout.write(
    `\nindexing ${megabytes(bytes)} MB in ${files} files\n` +
      `  ${megabytes(growth)} MB more memory at its peak than the ${megabytes(before)} MB before (at most ${MOST_MEGABYTES})\n`,
  );
  expect(growth / 1e6).toBeLessThan(MOST_MEGABYTES);
});
