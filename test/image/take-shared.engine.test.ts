import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Engine, ImageConfig } from '../../src/engine/engine.ts';
import { buildImage } from '../../src/image/build.ts';
import { ENGINE_DIRECTORIES } from '../../src/image/engine-stubs.ts';
import { KnownFiles } from '../../src/image/known-files.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { takeShared } from '../../src/image/take-shared.ts';
import { exportRootfs } from '../../src/slim/built-image.ts';
import { staticBusybox } from '../../src/workload/helper-images.ts';
import { ownedBy } from '../support/docker.ts';
import { spoolPath } from '../support/rootfs.ts';
import { drawSome } from '../support/samples.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const signal = new AbortController().signal;

let engine: Engine;
let context: TemporaryDirectory;
beforeAll(async () => {
  engine = await connectEngine();
  context = await temporaryDirectory();
  await writeFile(join(context.path, 'hosts'), '127.0.0.1 moon\n');
});
afterAll(() => context[Symbol.asyncDispose]());

async function built(lines: readonly string[]): Promise<ImageConfig & AsyncDisposable> {
  const id = await buildImage(engine, {
    directory: context.path,
    dockerfile: 'Dockerfile',
    text: `${lines.join('\n')}\n`,
    settings: { args: {}, secrets: [] },
    onWarning: () => undefined,
  });
  const config = (await engine.inspectImage(id)) as ImageConfig;
  return { ...config, [Symbol.asyncDispose]: () => engine.removeImage(id) };
}

/** Takes images one after the other, and reports which were taken as a whole. */
async function taken(images: readonly ImageConfig[]): Promise<{ last: Rootfs; whole: boolean[] }> {
  await using known = new KnownFiles();
  const whole: boolean[] = [];
  let last: Rootfs | undefined;
  for (const image of images) {
    await last?.[Symbol.asyncDispose]();
    whole.push(false);
    last = await takeShared(engine, {
      image,
      known,
      busybox: () => staticBusybox(engine),
      newSpool: async () => spoolPath(),
      takeWhole: () => {
        whole[whole.length - 1] = true;
        return exportRootfs(engine, { image: image.id, signal });
      },
      signal,
    });
  }
  return { last: last as Rootfs, whole };
}

/** All that there is to know of a tree, in its order; but when the engine made its own directories in a container. */
const everything = (rootfs: Rootfs) =>
  [...rootfs.entries()].map(([path, { offset: _, mtime, ...entry }]) => [
    path,
    entry,
    ENGINE_DIRECTORIES.has(path) ? null : mtime,
    entry.type === 'file' ? rootfs.hash(path) : null,
  ]);

const BASE = 'FROM debian:bookworm';

const ODD = [
  BASE,
  'COPY hosts /etc/hosts',
  'RUN mkdir -p /odd/"a b" /odd/é /odd/deep/$(printf "long-%.0s" $(seq 40)) && chmod 1777 /odd/"a b"; \\',
  '  echo own > /odd/own; ln /odd/own /odd/"a b"/linked; ln /odd/own /odd/also; ln -s own /odd/soft; ln -s /nowhere /odd/dangling; \\',
  '  echo x > /odd/"a b"/"-c d|e"; echo x > /odd/deep/long-*/"$(printf "n%.0s" $(seq 200))"; echo x > /odd/é/ü; \\',
  '  cp /bin/true /odd/suid; chmod 4755 /odd/suid; chown 33:4 /odd/own; mkfifo /odd/fifo; mknod /odd/null c 1 3; : > /odd/empty; \\',
  '  mkdir /odd/many; for i in $(seq 4000); do echo $i > /odd/many/file-with-a-longish-name-$i; done; \\',
  '  touch -d @1000000001 /odd/old; echo changed >> /etc/debian_version; echo more >> /usr/share/doc/bash/copyright; rm /usr/bin/xargs',
];

/** What an export shows and the listing of a base cannot: each of them in the soak, else some that are drawn. */
const ALL_WHOLE = [
  ['with a name that has a line break', ["RUN touch $'/a\\nb'"]],
  ['with a name that is not UTF-8', ["RUN touch $'/\\xff'"]],
  ['with a volume', ['VOLUME /var/lib/data']],
  ['with a file of which a name is gone', ['RUN rm /usr/bin/perl']],
] as const;
const WHOLE = drawSome(ALL_WHOLE, { ci: 2, soak: ALL_WHOLE.length });

describe('an image of which a base was taken before', () => {
  test('is the same as its export, and only what other images lack is fetched', async () => {
    await using base = await built([BASE, 'RUN touch /mark']);
    await using image = await built(ODD);
    await using whole = await exportRootfs(engine, { image: image.id, signal });
    const { last, whole: asWhole } = await taken([base, image]);
    await using shared = last;
    expect(asWhole).toEqual([true, false]);
    expect(everything(shared)).toEqual(everything(whole));
    expect(shared.size()).toEqual(whole.size());
  });

  test('that shares all its files is the same as well', async () => {
    await using base = await built([BASE, 'RUN touch /mark']);
    await using whole = await exportRootfs(engine, { image: base.id, signal });
    const { last, whole: asWhole } = await taken([base, base]);
    await using shared = last;
    expect(asWhole).toEqual([true, false]);
    expect(everything(shared)).toEqual(everything(whole));
  });

  test.each(WHOLE)('is taken as a whole %s', async (_, lines) => {
    await using base = await built([BASE, 'RUN touch /mark']);
    await using image = await built([BASE, 'SHELL ["/bin/bash", "-c"]', ...lines]);
    await using whole = await exportRootfs(engine, { image: image.id, signal });
    const { last, whole: asWhole } = await taken([base, image]);
    await using shared = last;
    expect(asWhole).toEqual([true, true]);
    expect(everything(shared)).toEqual(everything(whole));
  });
});

test('an image without anything of it known is taken as a whole', async () => {
  await using image = await built(['FROM scratch', 'COPY hosts /a']);
  const { last, whole } = await taken([image]);
  await using shared = last;
  expect(whole).toEqual([true]);
  expect([...shared.entries()].map(([path]) => path)).toContain('/a');
});

test.each(['createContainer', 'putArchive', 'start'] as const)(
  'a look that is interrupted after its %s leaves nothing',
  async (moment) => {
    await using image = await built([BASE, 'RUN touch /mark']);
    await using known = new KnownFiles();
    const stop = new AbortController();
    const stopAt = (now: string) => {
      if (now === moment) stop.abort(new Error('interrupted'));
    };
    const createContainer: Engine['createContainer'] = async (spec) => {
      const container = await engine.createContainer(spec);
      stopAt('createContainer');
      return {
        ...container,
        async putArchive(...words) {
          await container.putArchive(...words);
          stopAt('putArchive');
        },
        async start() {
          await container.start();
          stopAt('start');
        },
      };
    };
    const running = takeShared(
      { ...engine, createContainer },
      {
        image,
        known,
        busybox: () => staticBusybox(engine),
        newSpool: async () => spoolPath(),
        takeWhole: async () => {
          throw new Error('not asked for');
        },
        signal: stop.signal,
      },
    );
    await expect(running).rejects.toThrow('interrupted');
    expect(stop.signal.aborted, `the look was never at its ${moment}`).toBe(true);
    expect((await ownedBy(process.pid)).filter(({ kind }) => kind === 'container')).toEqual([]);
  },
);
