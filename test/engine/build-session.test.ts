import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openBuildSession } from '../../src/engine/build-session.ts';
import { sessionMethods } from '../../src/engine/session-methods.ts';
import { UserError } from '../../src/shared/failure.ts';
import { listening, localServer } from '../support/local-server.ts';
import { selfSigned } from '../support/self-signed.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const SECRET = '/moby.buildkit.secrets.v1.Secrets/GetSecret';
const LOGIN = '/moby.filesync.v1.Auth/Credentials';
const HEALTH = '/grpc.health.v1.Health/Check';

let directory: TemporaryDirectory;

beforeEach(async () => {
  directory = await temporaryDirectory();
  vi.stubEnv('DOCKER_CONFIG', directory.path);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await directory[Symbol.asyncDispose]();
});

/** A string or bytes field of a protobuf message, on the wire; values here are shorter than 128 bytes. */
const field = (number: number, value: string) =>
  Buffer.concat([Buffer.from([(number << 3) | 2, Buffer.byteLength(value)]), Buffer.from(value)]);

/** The far side of a session, as BuildKit is: it takes the connection over and is then the client on it. */
type FarSide = AsyncDisposable & {
  readonly port: number;
  readonly request: Promise<IncomingMessage>;
  readonly client: Client;
  /** Ends the connection as an engine does that dies. */
  die(): Promise<void>;
};

async function farSide(server: Server): Promise<FarSide> {
  const upgraded = once(server, 'upgrade') as Promise<[IncomingMessage, Duplex]>;
  const request = upgraded.then(([asked, socket]) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    return asked;
  });
  const engine = await listening(server);
  // a gRPC client makes its own connections, so it gets a way to the existing connection
  const way = await localServer(async (connection) => {
    const [, socket] = await upgraded;
    socket
      .on('error', () => undefined)
      .pipe(connection)
      .pipe(socket);
  });
  const options = { 'grpc.enable_http_proxy': 0 };
  const client = new Client(`127.0.0.1:${way.port}`, credentials.createInsecure(), options);
  return {
    port: engine.port,
    request,
    client,
    async die() {
      const [, socket] = await upgraded;
      socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      client.close();
      await way[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}

async function ask(client: Client, path: string, request = Buffer.alloc(0)): Promise<Buffer | ServiceError> {
  return await new Promise((resolve) => {
    const same = (bytes: Buffer) => bytes;
    client.makeUnaryRequest(path, same, same, request, (error, answer) =>
      resolve(error ?? (answer as Buffer)),
    );
  });
}

test('secrets, logins and health are served, and all else is unimplemented', async () => {
  await using far = await farSide(createServer());
  const { port, client, request } = far;
  const methods = sessionMethods(new Map([['token', Buffer.from('s3cret')]]));
  await using session = await openBuildSession(new Docker({ host: '127.0.0.1', port }), methods);
  const { headers } = await request;
  expect(headers).toMatchObject({ upgrade: 'h2c', 'x-docker-expose-session-uuid': session.id });
  expect(headers['x-docker-expose-session-grpc-method']).toBe([HEALTH, SECRET, LOGIN].join(', '));

  expect(await ask(client, SECRET, field(1, 'token'))).toEqual(field(1, 's3cret'));
  const missing = { code: status.NOT_FOUND, details: 'secret other not found' };
  expect(await ask(client, SECRET, field(1, 'other'))).toMatchObject(missing);
  expect(await ask(client, HEALTH)).toEqual(Buffer.from([8, 1]));
  for (const name of ['FetchToken', 'GetTokenAuthority', 'VerifyTokenAuthority'])
    expect(await ask(client, `/moby.filesync.v1.Auth/${name}`)).toMatchObject({ code: status.UNIMPLEMENTED });

  expect(await ask(client, LOGIN, field(1, 'ghcr.io'))).toEqual(Buffer.alloc(0));
  const auth = Buffer.from('me:pw').toString('base64');
  await writeFile(join(directory.path, 'config.json'), JSON.stringify({ auths: { 'ghcr.io': { auth } } }));
  expect(await ask(client, LOGIN, field(1, 'ghcr.io'))).toEqual(
    Buffer.concat([field(1, 'me'), field(2, 'pw')]),
  );
  await writeFile(join(directory.path, 'config.json'), 'oops');
  expect(await ask(client, LOGIN, field(1, 'ghcr.io'))).toMatchObject({
    code: status.INTERNAL,
    details: expect.stringMatching(/config\.json: it is not JSON$/),
  });
});

test('disposing hangs up, in the middle of a call too', async () => {
  await using far = await farSide(createServer());
  const { port, client } = far;
  let called = (): void => undefined;
  const inTheCall = new Promise<void>((resolve) => {
    called = resolve;
  });
  const never = sessionMethods(new Map()).map((method) => ({
    ...method,
    call: () => {
      called();
      return new Promise<object>(() => {});
    },
  }));
  const session = await openBuildSession(new Docker({ host: '127.0.0.1', port }), never);
  const answer = ask(client, HEALTH);
  await inTheCall;
  await session[Symbol.asyncDispose]();
  expect(await answer).toMatchObject({ code: expect.any(Number) });
});

test('an engine that dies leaves nothing to wait for', async () => {
  await using far = await farSide(createServer());
  const docker = new Docker({ host: '127.0.0.1', port: far.port });
  await using _ = await openBuildSession(docker, sessionMethods(new Map()));
  expect(await ask(far.client, HEALTH)).toEqual(Buffer.from([8, 1]));
  await far.die();
  await new Promise((resolve) => setTimeout(resolve, 100));
});

test('an engine behind TLS is served as well', async () => {
  const identity = selfSigned();
  await using far = await farSide(createTlsServer(identity));
  const { port, client } = far;
  const docker = new Docker({ host: 'localhost', port, protocol: 'https', ca: identity.cert });
  await using _ = await openBuildSession(docker, sessionMethods(new Map()));
  expect(await ask(client, HEALTH)).toEqual(Buffer.from([8, 1]));
  await far.die();
  await new Promise((resolve) => setTimeout(resolve, 100));
});

describe('a session that cannot be opened', () => {
  test('is an error that quotes the engine', async () => {
    await using engine = await listening(
      createServer((_, response) => response.writeHead(501).end('{"message":"no sessions here"}')),
    );
    const docker = new Docker({ host: '127.0.0.1', port: engine.port });
    const error = await openBuildSession(docker, []).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      code: 'engine-refused',
      message: expect.stringMatching(/^cannot open a BuildKit session: .*no sessions here$/),
    });
  });

  test('is given up when the signal says so', async () => {
    const stop = new AbortController();
    await using engine = await listening(createServer().on('upgrade', () => stop.abort('enough')));
    const docker = new Docker({ host: '127.0.0.1', port: engine.port });
    await expect(openBuildSession(docker, [], stop.signal)).rejects.toBe('enough');
  });
});
