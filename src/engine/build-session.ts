import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { Server, ServerCredentials, type sendUnaryData, status } from '@grpc/grpc-js';
import type Docker from 'dockerode';
import { messageOf, UserError } from '../shared/failure.ts';
import { dial } from './dial.ts';
import { EngineRefusal, engineWords } from './engine-fault.ts';
import type { SessionMethod } from './session-methods.ts';

/** A connection over which BuildKit asks us during builds that name its id; disposing of it hangs up. */
export type BuildSession = AsyncDisposable & { readonly id: string };

/**
 * Opens a session: a connection to the engine that is turned round, so that the engine is the client and we serve
 * gRPC (session/session.go and session/grpchijack/dial.go of moby/buildkit).
 * @throws UserError `engine-refused` where the engine does not let us.
 */
export async function openBuildSession(
  docker: Docker,
  methods: readonly SessionMethod[],
  signal?: AbortSignal,
): Promise<BuildSession> {
  const id = randomUUID();
  const socket = await dial<Socket>(docker, {
    method: 'POST',
    path: '/session',
    hijack: true,
    headers: {
      Upgrade: 'h2c',
      'X-Docker-Expose-Session-Uuid': id,
      'X-Docker-Expose-Session-Name': 'kraft-slim',
      'X-Docker-Expose-Session-Grpc-Method': methods.map(({ path }) => path),
    },
    statusCodes: {},
    ...(signal === undefined ? {} : { abortSignal: signal }),
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    // a connection that broke says nothing of BuildKit
    if (error instanceof UserError && !(error instanceof EngineRefusal)) throw error;
    throw new UserError('engine-refused', `cannot open a BuildKit session: ${engineWords(error)}`, {
      hint: 'kraft-slim builds with BuildKit, which Docker Engine has from 20.10 on',
      cause: error,
    });
  });
  const ended = new AbortController();
  const server = serve(socket, methods, ended.signal);
  return {
    id,
    async [Symbol.asyncDispose]() {
      ended.abort();
      server.forceShutdown();
      const closed = socket.closed ? undefined : once(socket, 'close');
      socket.destroy();
      await closed;
    },
  };
}

function serve(socket: Socket, methods: readonly SessionMethod[], ended: AbortSignal): Server {
  const server = new Server({ 'grpc.enable_channelz': 0 });
  for (const { path, request, answer, call } of methods) {
    server.register(
      path,
      ({ request: message }: { request: object }, done: sendUnaryData<object>) => {
        call({ ...message }, ended).then(
          (answered) => done(null, answered),
          (error) => done({ code: error.code ?? status.INTERNAL, details: messageOf(error) }),
        );
      },
      (message) => Buffer.from(answer.encode(answer.fromObject(message)).finish()),
      (bytes) => request.toObject(request.decode(bytes)),
      'unary',
    );
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  // node:http2 refuses a TLS connection that did not agree on HTTP/2 when it was made, as this one could not
  injector.injectConnection(
    socket instanceof TLSSocket ? Duplex.from({ readable: socket, writable: socket }) : socket,
  );
  return server;
}
