import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Config } from '../../src/config/config-schema.ts';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Engine, ImageId } from '../../src/engine/engine.ts';
import { buildImage } from '../../src/image/build.ts';
import { UserError } from '../../src/shared/failure.ts';
import { listening } from '../support/local-server.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const DIST = pathToFileURL(join(import.meta.dirname, '../../dist/')).href;

let directory: TemporaryDirectory;
let engine: Engine;
const images: ImageId[] = [];

beforeEach(async () => {
  directory = await temporaryDirectory();
  await mkdir(join(directory.path, 'context'));
  engine = await connectEngine();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const image of images.splice(0)) await engine.removeImage(image);
  await directory[Symbol.asyncDispose]();
});

type Build = {
  readonly text: string;
  readonly secrets?: Config['build']['secrets'];
  readonly log?: string[];
};

/** Builds with a build argument that is new each time, since secrets are no part of a step's cache key. */
async function build({ text, secrets = [], log = [] }: Build): Promise<ImageId> {
  const image = await buildImage(engine, {
    directory: join(directory.path, 'context'),
    dockerfile: 'Dockerfile',
    text: text.replace(/^FROM .*$/m, `$&\nARG RUN_ID=${randomUUID()}`),
    settings: { args: {}, secrets: [...secrets] },
    onLog: (line) => log.push(line),
    onWarning: () => undefined,
  });
  images.push(image);
  return image;
}

/** Whether bytes stand anywhere in an image: in a file of any layer, in its history, in its configuration. */
async function holds(image: ImageId, bytes: string): Promise<boolean> {
  const saved = (await new Docker().getImage(image).get()) as Readable;
  let rest = '';
  for await (const chunk of saved.setEncoding('latin1')) {
    const text: string = rest + chunk;
    if (text.includes(bytes)) return true;
    rest = text.slice(-bytes.length);
  }
  return false;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('build secrets', () => {
  test('a step reads them from a file and a variable, and neither is in the image or the log', async () => {
    const [token, key] = [`token-${randomUUID()}`, `key-${randomUUID()}`];
    await writeFile(join(directory.path, 'context/token'), token);
    await writeFile(join(directory.path, 'context/page'), 'a page');
    vi.stubEnv('SECRET_KEY', key);
    const log: string[] = [];
    const image = await build({
      // BuildKit of 20.10 gives a session up that does not answer for a second
      text: `FROM debian:bookworm
        COPY . /context
        RUN echo $RUN_ID; ls /context; sleep 3
        RUN --mount=type=secret,id=token --mount=type=secret,id=key,target=/key cat /run/secrets/token /key; echo; sha256sum /run/secrets/token /key`,
      secrets: [
        { id: 'token', file: join(directory.path, 'context/token') },
        { id: 'key', env: 'SECRET_KEY' },
      ],
      log,
    });
    expect(log).toEqual(
      expect.arrayContaining([`${sha256(token)}  /run/secrets/token`, `${sha256(key)}  /key`]),
    );
    expect(log).toEqual(expect.arrayContaining(['page', '******']));
    expect(log).not.toContain('token');
    expect(log.join('\n')).not.toMatch(new RegExp(`${token}|${key}`));
    expect(await holds(image, 'a page')).toBe(true);
    expect(await holds(image, token)).toBe(false);
    expect(await holds(image, key)).toBe(false);
  });

  test('one that a step requires and that is not set fails the build, and says what to do', async () => {
    const error = await build({
      text: 'FROM debian:bookworm\nRUN --mount=type=secret,id=token,required=true cat /run/secrets/token',
    }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      code: 'build-failed',
      message: expect.stringMatching(/^cannot build \[2\/2\] RUN .*: secret token.* not found/),
      hint: 'set the secret token by build.secrets in kraft-slim.yaml',
    });
  });

  test('one that cannot be read fails before the build', async () => {
    const log: string[] = [];
    const secrets = [{ id: 'token', file: join(directory.path, 'no-such') }];
    await expect(build({ text: 'FROM debian:bookworm', secrets, log })).rejects.toMatchObject({
      code: 'config-invalid',
    });
    expect(log).toEqual([]);
  });

  test('a failing step shows what it printed without them', async () => {
    vi.stubEnv('SECRET_KEY', 's3cret-s3cret');
    const text = `FROM debian:bookworm
      RUN --mount=type=secret,id=key set -x; key=$(cat /run/secrets/key); set +x; \\
        head -c 6 /run/secrets/key; sleep 1; tail -c +7 /run/secrets/key; false`;
    const failing = build({ text, secrets: [{ id: 'key', env: 'SECRET_KEY' }] });
    await expect(failing).rejects.toMatchObject({
      code: 'build-failed',
      detail: expect.stringMatching(/^\+ key=\*\*\*\n\+ set \+x\n\*\*\*$/m),
    });
    await expect(failing).rejects.not.toMatchObject({ detail: expect.stringContaining('s3cret') });
  });
});

describe('registry logins', () => {
  /** A registry without images, for those that log in. */
  async function triedLogins(config: object): Promise<{ tried: Set<string>; error: unknown }> {
    const tried = new Set<string>();
    const server = createServer(({ headers: { authorization } }, response) => {
      if (authorization !== undefined) tried.add(authorization);
      const headers = authorization === undefined ? { 'WWW-Authenticate': 'Basic realm="test"' } : {};
      response.writeHead(authorization === undefined ? 401 : 404, headers).end();
    });
    await using registry = await listening(server);
    const host = `localhost:${registry.port}`;
    const text = JSON.stringify(config).replaceAll('HOST', host);
    await writeFile(join(directory.path, 'config.json'), text);
    vi.stubEnv('DOCKER_CONFIG', directory.path);
    const error = await build({ text: `FROM ${host}/app:${randomUUID()}` }).catch(
      (caught: unknown) => caught,
    );
    return { tried, error };
  }

  test("the engine logs in at a base image's registry as config.json says", async () => {
    const auth = Buffer.from('me:pw').toString('base64');
    const { tried, error } = await triedLogins({ auths: { HOST: { auth } } });
    expect([...tried]).toEqual([`Basic ${auth}`]);
    expect(error).toMatchObject({ code: 'build-failed', message: expect.stringContaining('not found') });
  });

  test('without a login it comes without one', async () => {
    const { tried, error } = await triedLogins({});
    expect([...tried]).toEqual([]);
    expect(error).toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('401 Unauthorized'),
    });
  });

  test('a helper program that is not there is what the failure names', async () => {
    const { error } = await triedLogins({ credsStore: 'no-such-helper' });
    const why =
      /cannot ask docker-credential-no-such-helper for the login at localhost:\d+: it is not on PATH/;
    expect(error).toMatchObject({ code: 'build-failed', message: expect.stringMatching(why) });
  });
});

test('a process ends without help after a build, a failed build and a stopped build', async () => {
  const script = `
    const { connectEngine } = await import('${DIST}engine/connect.js');
    const { buildImage } = await import('${DIST}image/build.js');
    const engine = await connectEngine();
    const build = (run, signal, onLog) => buildImage(engine, {
      directory: ${JSON.stringify(join(directory.path, 'context'))}, dockerfile: 'Dockerfile',
      text: 'FROM debian:bookworm\\nARG RUN_ID=${randomUUID()}\\nRUN ' + run,
      settings: { args: {}, secrets: [] }, signal, onLog, onWarning() {},
    });
    await engine.removeImage(await build('echo $RUN_ID'));
    const failed = await build('exit 3').catch((error) => error.code);
    const stop = new AbortController();
    const onLog = (line) => { if (line === 'begun') stop.abort('stopped'); };
    const stopped = await build('echo begun; exec sleep 300', stop.signal, onLog).catch((error) => error);
    console.log(JSON.stringify([failed, stopped]));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  expect(JSON.parse(stdout)).toEqual(['build-failed', 'stopped']);
});
