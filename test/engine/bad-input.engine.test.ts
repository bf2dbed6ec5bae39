import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Catalog, catalogOf, type Files } from '../support/catalog.ts';
import { type CliResult, runCli, runJson } from '../support/cli.ts';
import { schemaFaults } from '../support/schemas.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

type BadInput = {
  readonly title: string;
  readonly files: Files;
  /** Changes that are not committed. */
  readonly dirty?: Files;
  readonly code: string;
  /** What people are shown, in this order. */
  readonly shows: readonly string[];
};

const BROKEN_YAML = 'spec: v0.6\nrootfs: ./Dockerfile\ncmd: ["/hello"\nname: app\n';
const SERVES = 'kraft run -p 8080:80 .\ncurl localhost:8080';

const INPUTS: readonly BadInput[] = [
  {
    title: 'a directory without a Kraftfile',
    files: { [`${APP}/README.md`]: '# App\n' },
    code: 'kraftfile-missing',
    shows: [APP],
  },
  {
    title: 'two Kraftfiles',
    files: { ...smallEntry(), [`${APP}/kraft.yaml`]: 'spec: v0.6\n' },
    code: 'kraftfile-ambiguous',
    shows: ['kraft.yaml', 'Kraftfile'],
  },
  {
    title: 'broken YAML, with its line and a caret',
    files: { ...smallEntry(), [`${APP}/Kraftfile`]: BROKEN_YAML },
    code: 'kraftfile-invalid',
    shows: [`${APP}/Kraftfile:`, '^'],
  },
  {
    title: 'a Kraftfile with a wrong value, with its line and a caret',
    files: { ...smallEntry(), [`${APP}/Kraftfile`]: 'spec: v0.6\nrootfs: ./Dockerfile\ncmd: [1]\n' },
    code: 'kraftfile-invalid',
    shows: [`${APP}/Kraftfile:3:7`, 'cmd: [1]', '^'],
  },
  {
    title: 'a rootfs that points nowhere',
    files: smallEntry({ dockerfile: null }),
    code: 'rootfs-missing',
    shows: ['./Dockerfile', 'hint'],
  },
  {
    title: 'a rootfs that is an archive and not there',
    files: { ...smallEntry(), [`${APP}/Kraftfile`]: 'spec: v0.6\nrootfs: ./rootfs.cpio\n' },
    code: 'rootfs-missing',
    shows: ['./rootfs.cpio', 'hint'],
  },
  {
    title: 'a Dockerfile that makes no sense, with its line',
    files: smallEntry({ dockerfile: ['FROM debian:bookworm', 'COPPY a b'] }),
    code: 'dockerfile-invalid',
    shows: ['Dockerfile:2', 'COPPY'],
  },
  {
    title: 'a Dockerfile that does not build, with the failing step and its last lines',
    files: smallEntry({
      dockerfile: ['FROM debian:bookworm', 'RUN echo compiling; echo no such header; exit 7'],
    }),
    code: 'build-failed',
    shows: ['[2/2] RUN echo compiling', 'exit code: 7', 'compiling', 'no such header'],
  },
  {
    title: 'a cmd that is not in the rootfs, with the nearest match',
    files: smallEntry({ cmd: ['/usr/bin/sedd'] }),
    code: 'cmd-not-found',
    shows: ['/usr/bin/sedd', 'hint', 'bin/sed?'],
  },
  {
    title: 'an app that ends before it serves, with its last output',
    files: smallEntry({ cmd: ['/bin/sh', '-c', 'echo no such configuration >&2; exit 3'], readme: SERVES }),
    code: 'not-started',
    shows: ['exit code 3', 'no such configuration'],
  },
  {
    title: 'an app that prints something else than its README says, with its last output',
    files: smallEntry({ readme: 'kraft run .\n```\n\n```\nGoodbye' }),
    code: 'workload-failed',
    shows: ['Goodbye', 'Hello'],
  },
  {
    title: 'a Dockerfile with changes that git has nowhere',
    files: smallEntry(),
    dirty: { [`${APP}/Dockerfile`]: (text) => `${text}RUN true\n` },
    code: 'would-overwrite',
    shows: ['Dockerfile', 'hint', '--force'],
  },
  {
    title: 'a Dockerfile that git does not know yet',
    files: smallEntry({ dockerfile: null }),
    dirty: { [`${APP}/Dockerfile`]: 'FROM debian:bookworm\nRUN echo Hello > /hello\n' },
    code: 'would-overwrite',
    shows: ['Dockerfile', 'hint'],
  },
  {
    title: 'a wrong key in kraft-slim.yaml, with its line, a caret and the nearest key',
    files: { ...smallEntry(), [`${APP}/kraft-slim.yaml`]: 'keep: []\ndropp: []\n' },
    code: 'config-invalid',
    shows: ['kraft-slim.yaml:2:1', 'did you mean drop?', 'dropp: []', '^'],
  },
  {
    title: 'a kraft-slim.yaml that names a stage which is not there',
    files: { ...smallEntry(), [`${APP}/kraft-slim.yaml`]: 'build: {target: app}\n' },
    code: 'config-invalid',
    shows: ['stage app', 'hint'],
  },
];

describe.each(INPUTS)('$title', ({ files, dirty, code, shows }) => {
  test(`is reported to people once, and writes nothing: ${code}`, async () => {
    await using catalog = await catalogOf(files);
    await catalog.write(dirty ?? {});
    await unwritten(catalog, async () => expectTold(await runCli([APP], { cwd: catalog.path }), code, shows));
  });

  test('is the same in JSON', async () => {
    await using catalog = await catalogOf(files);
    await catalog.write(dirty ?? {});
    await unwritten(catalog, () => expectFailedResult(catalog, code));
  });
});

test('a path that is not there is wrong usage, since it may be a mistyped verb', async () => {
  await using catalog = await catalogOf(smallEntry());
  const { exitCode, document } = await runJson(['examples/nowhere'], { cwd: catalog.path });
  expect(schemaFaults(document)).toEqual([]);
  expect(exitCode).toBe(2);
  expect(document).toMatchObject({ schema: 'kraft-slim/error/1', code: 'usage' });
});

describe('an engine that cannot be used', () => {
  test('no engine: the message names where it was looked for', async () => {
    await using catalog = await catalogOf(smallEntry());
    const env = { DOCKER_HOST: 'unix:///nonexistent.sock' };
    await unwritten(catalog, async () => {
      const shows = ['unix:///nonexistent.sock', 'hint'];
      expectTold(await runCli([APP], { cwd: catalog.path, env }), 'engine-absent', shows);
      await expectFailedResult(catalog, 'engine-absent', env);
    });
  });

  test('an engine that refuses: the message is its own', async () => {
    await using catalog = await catalogOf(smallEntry());
    await using engine = await refusingEngine();
    const env = { DOCKER_HOST: `unix://${engine.socket}` };
    await unwritten(catalog, async () => {
      const shows = ['authorization denied by plugin', 'hint'];
      expectTold(await runCli([APP], { cwd: catalog.path, env }), 'engine-refused', shows);
      await expectFailedResult(catalog, 'engine-refused', env);
    });
  });

  test('clean has no result to form: it prints an error document', async () => {
    await using directory = await temporaryDirectory();
    const options = { cwd: directory.path, env: { DOCKER_HOST: 'unix:///nonexistent.sock' } };
    const { exitCode, document } = await runJson(['clean'], options);
    expect(schemaFaults(document)).toEqual([]);
    expect({ exitCode, ...document }).toMatchObject({ exitCode: 2, code: 'engine-absent' });
  });
});

describe('wrong usage', () => {
  const WRONG = [
    { args: [], shows: 'missing required argument' },
    { args: ['--nonsense', APP], shows: "unknown option '--nonsense'" },
    { args: ['verify'], shows: 'missing required argument' },
    { args: ['clean', '--redo=1'], shows: '--redo' },
  ];

  test.each(WRONG)('$args ends with 2, one message and a hint', async ({ args, shows }) => {
    await using directory = await temporaryDirectory();
    const { exitCode, stdout, stderr } = await runCli(args, { cwd: directory.path });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toEqual([expect.stringMatching(/^kraft-slim: /), 'hint: run kraft-slim --help']);
    expect(lines[0]).toContain(shows);
  });

  test.each(WRONG)('$args in JSON is an error document', async ({ args }) => {
    await using directory = await temporaryDirectory();
    const { exitCode, document } = await runJson(args, { cwd: directory.path });
    expect(schemaFaults(document)).toEqual([]);
    expect({ exitCode, ...document }).toMatchObject({
      exitCode: 2,
      schema: 'kraft-slim/error/1',
      code: 'usage',
    });
  });
});

/** Does something, and asserts that it has left the work tree as it was, with no state beside it. */
async function unwritten(catalog: Catalog, work: () => Promise<void>): Promise<void> {
  const before = await catalog.status();
  await work();
  expect(await catalog.status()).toEqual(before);
  expect(existsSync(join(catalog.path, '.kraft-slim'))).toBe(false);
}

function expectTold({ exitCode, stdout, stderr }: CliResult, code: string, shows: readonly string[]): void {
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 2 });
  expect(stdout.split('\n').filter((line) => line.startsWith(`  ${code} `))).toHaveLength(1);
  let at = stdout.indexOf(`  ${code} `);
  for (const text of shows) {
    const found = stdout.indexOf(text, at);
    expect(found, `${text} in\n${stdout}`).not.toBe(-1);
    at = found;
  }
  expect(stdout + stderr).not.toMatch(/^ +at .*:\d+:\d+\)?$/m);
}

async function expectFailedResult(catalog: Catalog, code: string, env = {}): Promise<void> {
  const { exitCode, document } = await runJson([APP], { cwd: catalog.path, env });
  expect(schemaFaults(document)).toEqual([]);
  expect({ exitCode, ...document }).toMatchObject({ exitCode: 2, entry: APP, status: 'failed', code });
}

/** Something that answers on a socket as an engine behind an authorization plugin does. */
async function refusingEngine(): Promise<AsyncDisposable & { readonly socket: string }> {
  const directory = await temporaryDirectory();
  const socket = join(directory.path, 'engine.sock');
  const server = createServer((_, response) => {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: 'authorization denied by plugin' }));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    socket,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
      await directory[Symbol.asyncDispose]();
    },
  };
}
