import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Config } from '../../src/config/config-schema.ts';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { buildImage } from '../../src/image/build.ts';
import { Rootfs } from '../../src/image/rootfs.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { catalogOf } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { ownedBy } from '../support/docker.ts';
import { heldEngine } from '../support/held-engine.ts';
import { schemaFaults } from '../support/schemas.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await connectEngine();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

type Build = {
  readonly text: string;
  /** Files of the context. */
  readonly context?: Readonly<Record<string, string>>;
  readonly dockerfile?: string;
  readonly settings?: Partial<Config['build']>;
};

type Built = {
  /** Text of the files of the image, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
};

/** Builds an image, reads the files below its /out, and removes it. The Dockerfile, always sent, is left out. */
async function build({
  text,
  context = {},
  dockerfile = 'Dockerfile',
  settings = {},
}: Build): Promise<Built> {
  await using directory = await temporaryDirectory();
  for (const [name, content] of Object.entries({ [dockerfile]: text, ...context })) {
    const path = join(directory.path, 'context', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  const warnings: string[] = [];
  const image = await buildImage(engine, {
    directory: join(directory.path, 'context'),
    dockerfile,
    text,
    settings: { args: {}, secrets: [], ...settings },
    onWarning: (code) => warnings.push(code),
  });
  try {
    await using container = await engine.createContainer({
      image,
      argv: ['/'],
      env: {},
      network: 'none',
      limits: { memoryBytes: 64 * 1024 ** 2, pids: 16 },
    });
    await using rootfs = await Rootfs.fromTar(await container.export(), join(directory.path, 'root.tar'));
    const { [dockerfile]: _, ...files } = filesBelow(rootfs, '/out/');
    return { files, warnings };
  } finally {
    await engine.removeImage(image);
  }
}

function filesBelow(rootfs: Rootfs, directory: string): Record<string, string> {
  const files = [...rootfs.entries()].filter(
    ([path, { type }]) => type === 'file' && path.startsWith(directory),
  );
  return Object.fromEntries(
    files.map(([path]) => [
      path.slice(directory.length),
      Buffer.from(rootfs.read(imagePath(path))).toString(),
    ]),
  );
}

describe('the build context', () => {
  const context = { 'a.txt': 'a', 'a.secret': 's', 'deep/b.txt': 'b', 'deep/b.secret': 's' };
  const text = 'FROM scratch\nCOPY . /out\n';

  test('what .dockerignore hides does not reach the image', async () => {
    const ignored = { ...context, '.dockerignore': '*.secret\n**/*.secret\n.dockerignore\n' };
    const { files } = await build({ text, context: ignored });
    expect(files).toEqual({ 'a.txt': 'a', 'deep/b.txt': 'b' });
  });

  test("a Dockerfile's own ignore file takes the place of .dockerignore", async () => {
    const { files } = await build({
      text,
      dockerfile: 'app.Dockerfile',
      context: {
        ...context,
        '.dockerignore': 'a.txt\n',
        'app.Dockerfile.dockerignore': '**/*.secret\n*ocker*\n',
      },
    });
    expect(files).toEqual({ 'a.txt': 'a', 'deep/b.txt': 'b' });
  });
});

describe('BuildKit', () => {
  test('RUN --mount works', async () => {
    const run =
      'RUN --mount=type=cache,target=/cache mkdir /out && echo kept > /cache/a && cp /cache/a /out/a';
    expect((await build({ text: `FROM debian:bookworm\n${run}\n` })).files).toEqual({ a: 'kept\n' });
  });

  test('a stage that the image does not need is not built', async () => {
    const text = 'FROM debian:bookworm AS unused\nRUN exit 1\nFROM scratch\nCOPY a /out/a\n';
    expect((await build({ text, context: { a: 'a' } })).files).toEqual({ a: 'a' });
  });

  test('a syntax line whose frontend cannot be had is left out, with a warning', async () => {
    const text = '# syntax=registry.invalid/frontend:1\nFROM scratch\nCOPY a /out/a\n';
    const { files, warnings } = await build({ text, context: { a: 'a' } });
    expect({ files, warnings }).toEqual({ files: { a: 'a' }, warnings: ['syntax-line-ignored'] });
  });
});

describe('a build that is stopped while its image is made leaves none', () => {
  // moments of the engine's work on the layers, and one after it: the answer that tells the image is held
  test.each([0, 1, 2, 4, 8, 16, 32, null])(
    '%s ms after the export has begun, null: after its end',
    async (laterMs) => {
      await using directory = await temporaryDirectory();
      await using held = await heldEngine();
      vi.stubEnv('DOCKER_HOST', held.host);
      const through = await connectEngine();
      // new each time, since making the layers is what takes a while
      await writeFile(join(directory.path, 'a'), randomBytes(8 * 2 ** 20));
      const { reached, release } = held.holdAnswer('POST /build', /"moby\.image\.id"/);
      const stop = new AbortController();
      const stopped = buildImage(through, {
        directory: directory.path,
        dockerfile: 'Dockerfile',
        text: 'FROM scratch\nCOPY a /a\nCOPY a /b\n',
        settings: { args: {}, secrets: [] },
        signal: stop.signal,
        onWarning: () => undefined,
        onLog: (line) => {
          if (line === 'exporting to image' && laterMs !== null)
            setTimeout(() => stop.abort('stopped'), laterMs);
        },
      });
      stop.signal.addEventListener('abort', release);
      const rejected = expect(stopped).rejects.toBe('stopped');
      if (laterMs === null) {
        await Promise.race([reached, rejected]);
        stop.abort('stopped');
      }
      await rejected;
      expect(await ownedBy(process.pid)).toEqual([]);
    },
  );
});

test('build arguments and target of kraft-slim.yaml decide what is slimmed', async () => {
  const dockerfile = [
    'FROM debian:bookworm AS app',
    'ARG WORD=plain',
    'RUN echo "$WORD" > /hello',
    'FROM app AS tests',
    'RUN exit 1',
  ];
  await using catalog = await catalogOf({
    ...smallEntry({ dockerfile }),
    [`${APP}/kraft-slim.yaml`]: 'build:\n  args: {WORD: Hello}\n  target: app\n',
  });
  const { exitCode, document } = await runJson([APP], { cwd: catalog.path });
  expect(schemaFaults(document)).toEqual([]);
  expect({ exitCode, ...document }).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
  expect(await catalog.read(`${APP}/Dockerfile`)).toContain('COPY --from=app /hello /hello\n');
});

describe('a RUN that reaches only what the network of the host reaches', () => {
  // the host's loopback is out of reach from a network of the engine; what the step says of it is curl's sentence
  // for a name server that is out of reach, since no name resolves on one of the two networks alone on any machine
  const unreachable = 'curl: (6) Could not resolve host: packages.example.org';
  const fetching = ({ port }: { port: number }) =>
    [
      'FROM debian:bookworm',
      'SHELL ["/bin/bash", "-c"]',
      `RUN exec 3<>/dev/tcp/127.0.0.1/${port} || { echo "${unreachable}"; exit 6; } \\`,
      '    && printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3 && mkdir /out && sed 1,/^.$/d <&3 > /out/a',
      '',
    ].join('\n');

  test('is tried once more there, with a warning', async () => {
    await using server = await serve('from the host');
    const { files, warnings } = await build({ text: fetching(server) });
    expect({ files, warnings }).toEqual({ files: { a: 'from the host' }, warnings: ['build-host-network'] });
  });

  test('is built there at once with network: host, and nothing is warned of', async () => {
    await using server = await serve('from the host');
    const { files, warnings } = await build({ text: fetching(server), settings: { network: 'host' } });
    expect({ files, warnings }).toEqual({ files: { a: 'from the host' }, warnings: [] });
  });

  test('fails with network: default', async () => {
    await using server = await serve('from the host');
    const failed = build({ text: fetching(server), settings: { network: 'default' } });
    await expect(failed).rejects.toMatchObject({
      code: 'build-failed',
      detail: expect.stringContaining(unreachable),
    });
    expect(server.asked()).toBe(0);
  });
});

test('a RUN that fails for another reason is not tried again on the network of the host', async () => {
  await using server = await serve('');
  const text = `FROM debian:bookworm\nSHELL ["/bin/bash", "-c"]\nRUN exec 3<>/dev/tcp/127.0.0.1/${server.port}\n`;
  await expect(build({ text })).rejects.toMatchObject({ code: 'build-failed' });
  expect(server.asked()).toBe(0);
});

/** Something that only this machine's own loopback reaches. */
async function serve(text: string): Promise<AsyncDisposable & { port: number; asked: () => number }> {
  let connections = 0;
  const server = createServer((_, response) => response.end(text)).on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked: () => connections,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
