import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ProbeContext } from '../../src/workload/probe.ts';

/** A server on a port of this machine's loopback; disposing of it closes it and every connection. */
export type LocalServer = AsyncDisposable & { readonly port: number };

/** A server that hands each connection to `serve`, as it comes from the wire. */
export async function localServer(serve: (socket: Socket) => void): Promise<LocalServer> {
  return await listening(createServer((socket) => serve(socket.on('error', () => undefined))));
}

export async function listening(server: Server): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a probe is given to reach a local server with; an app that never ends. */
export function localContext(signal: AbortSignal = AbortSignal.timeout(4000)): ProbeContext {
  return {
    async connect(port) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
    ended: new Promise(() => undefined),
    exceeded: new Promise(() => undefined),
    runClient: () => Promise.reject(new Error('there is no client')),
    readFile: async () => undefined,
    signal,
  };
}
