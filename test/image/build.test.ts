import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  BuildError,
  type BuildRequest,
  type Engine,
  type ImageConfig,
  type ImageId,
} from '../../src/engine/engine.ts';
import { buildImage } from '../../src/image/build.ts';
import { Rootfs } from '../../src/image/rootfs.ts';
import { spoolPath, treeText } from '../support/rootfs.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

type Options = {
  readonly files: readonly string[];
  readonly directory?: string;
  readonly dockerfile?: string;
  readonly platform?: string;
  /** Of the engine, and of the image that it builds. */
  readonly architecture?: string;
  readonly builds?: string;
  /** What BuildKit says the first times, and how often it says so. */
  readonly fails?: { readonly message: string; readonly times: number };
  /** What is to be in the context, whatever is on disk. */
  readonly texts?: Readonly<Record<string, string>>;
  /** What an ignore file says on disk. */
  readonly ignore?: string;
  /** Removed once the context is listed. */
  readonly vanishes?: string;
};

/** Builds with an engine that only reads the context; what it was asked for, what it saw and what it removed. */
async function build(options: Options) {
  const { files, directory = '.', dockerfile = 'Dockerfile', architecture = 'amd64' } = options;
  await using temporary = await temporaryDirectory();
  for (const name of files) {
    await mkdir(dirname(join(temporary.path, name)), { recursive: true });
    await writeFile(join(temporary.path, name), 'on disk');
  }
  if (options.ignore !== undefined) await writeFile(join(temporary.path, '.dockerignore'), options.ignore);
  const requests: BuildRequest[] = [];
  const removed: string[] = [];
  let context: Record<string, string> = {};
  const engine: Partial<Engine> = {
    architecture,
    async build(request) {
      requests.push(request);
      if (requests.length <= (options.fails?.times ?? 0)) {
        throw new BuildError(options.fails?.message ?? '', 'COPY a b /', []);
      }
      if (options.vanishes !== undefined) await rm(join(temporary.path, options.vanishes));
      await using rootfs = await Rootfs.fromTar(request.context(), spoolPath()).catch(() => {
        throw new Error('the engine hung up');
      });
      context = treeText(rootfs);
      return 'sha256:1' as ImageId;
    },
    inspectImage: async () => ({ architecture: options.builds ?? 'amd64' }) as ImageConfig,
    removeImage: async (id) => void removed.push(id),
  };
  const settings = { args: {}, secrets: [], ...(options.platform ? { platform: options.platform } : {}) };
  const outcome = await buildImage(engine as Engine, {
    directory: join(temporary.path, directory),
    dockerfile,
    text: 'FROM scratch',
    files: new Map(Object.entries(options.texts ?? {})),
    settings,
    onWarning: () => undefined,
  }).catch((error: unknown) => error);
  return { outcome, request: requests[0], tries: requests.length, context, removed };
}

test('the Dockerfile is sent as it is to be, not as it is on disk', async () => {
  const { request, context } = await build({ files: ['Dockerfile', 'page', 'Dockerfile.orig'] });
  expect(request?.dockerfile).toBe('Dockerfile');
  expect(context).toEqual({ '/Dockerfile': 'file 644 0:0 FROM scratch', '/page': 'file 644 0:0 on disk' });
});

test('a file that is to be written is sent as it is to be, whether it is on disk or not', async () => {
  const texts = { 'rootfs.list': 'new', page: 'new' };
  const { context } = await build({ files: ['Dockerfile', 'page', 'other'], texts });
  expect(context).toEqual({
    '/Dockerfile': 'file 644 0:0 FROM scratch',
    '/rootfs.list': 'file 644 0:0 new',
    '/page': 'file 644 0:0 new',
    '/other': 'file 644 0:0 on disk',
  });
});

test('the ignore file counts as it is to be, and one that hides itself stays hidden', async () => {
  const texts = { '.dockerignore': '*\n!page\n', page: 'new' };
  const { context } = await build({ files: ['Dockerfile', 'page', 'other'], ignore: 'page\n', texts });
  expect(context).toEqual({ '/Dockerfile': 'file 644 0:0 FROM scratch', '/page': 'file 644 0:0 new' });
});

test('a Dockerfile outside the context is sent under a separate name', async () => {
  const { request, context } = await build({
    files: ['docker/Dockerfile', 'context/page'],
    directory: 'context',
    dockerfile: '../docker/Dockerfile',
  });
  expect(request?.dockerfile).toBe('.kraft-slim-dockerfile');
  expect(context).toEqual({
    '/.kraft-slim-dockerfile': 'file 644 0:0 FROM scratch',
    '/page': 'file 644 0:0 on disk',
  });
});

test.each([
  [undefined, 'amd64', undefined],
  ['linux/amd64', 'arm64', undefined],
  ['linux/386', 'amd64', 'linux/386'],
  ['linux/arm64', 'arm64', 'linux/arm64'],
])(
  'the platform asked for is %s on an engine for %s with the setting %s',
  async (asked, architecture, set) => {
    const { request } = await build({
      files: ['Dockerfile'],
      architecture,
      ...(set === undefined ? {} : { platform: set }),
    });
    expect(request?.platform).toBe(asked);
  },
);

const AT_RANDOM = 'failed to compute cache key: flightcontrol: exceeded retry timeout';

test.each([
  ['that BuildKit gives up at random is tried again', AT_RANDOM, 2, { tries: 3, failed: false }],
  ['that it gives up every time is a failure in the end', AT_RANDOM, 99, { tries: 5, failed: true }],
  ['that fails otherwise is not tried again', 'exit code: 1', 1, { tries: 1, failed: true }],
])('a build %s', async (_, message, times, expected) => {
  const { tries, outcome } = await build({ files: ['Dockerfile'], fails: { message, times } });
  expect({ tries, failed: outcome instanceof Error }).toEqual(expected);
});

test('an image of another architecture is refused and removed', async () => {
  const { outcome, removed } = await build({ files: ['Dockerfile'], builds: 'arm64' });
  expect(outcome).toMatchObject({
    code: 'build-failed',
    message: 'cannot use an image for arm64: only x86_64 is written into entries',
    hint: 'set build.platform: linux/amd64 in kraft-slim.yaml',
  });
  expect(removed).toEqual(['sha256:1']);
});

test('a file that cannot be read while it is sent is named', async () => {
  const { outcome } = await build({ files: ['Dockerfile', 'sub/page'], vanishes: 'sub/page' });
  expect(outcome).toMatchObject({
    code: 'build-failed',
    message: expect.stringMatching(/^cannot read .*sub\/page of the build context: the file is gone/),
  });
});
