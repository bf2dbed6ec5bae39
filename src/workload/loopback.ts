import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { OVERHEARD_BYTES, type Overheard, overheardIn } from './overheard.ts';

const HOST = '127.0.0.1';

/** So many connections are offered as probes; what comes after them is forwarded all the same. */
const MAX_OVERHEARD = 200;

/** Ports below need a privilege on most hosts. */
const FIRST_FREE_PORT = 1024;

/** A port of the app, and the port of this machine's loopback that leads to it. */
export type LentPort = { readonly port: number; readonly hostPort: number };

/** Listeners on this machine's loopback that forward to an app; disposing of them ends every connection. */
export type Loopback = AsyncDisposable & {
  readonly ports: readonly LentPort[];
  /** What clients have sent so far, in the order of their connections. */
  readonly overheard: () => readonly Overheard[];
};

/**
 * Forwards ports of this machine's loopback to those of an app, by `connect`. Each has the app's number where that is
 * free here. Nothing listens on another address, and the engine publishes nothing.
 */
export async function lendLoopback(
  ports: readonly number[],
  connect: (port: number) => Promise<Duplex>,
): Promise<Loopback> {
  const sent: { readonly port: number; readonly chunks: Buffer[] }[] = [];
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const lent: LentPort[] = [];
  for (const port of ports) {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      const chunks: Buffer[] = [];
      if (sent.length < MAX_OVERHEARD) sent.push({ port, chunks });
      forward(socket, chunks, () => connect(port));
    });
    servers.push(server);
    lent.push({ port, hostPort: await listen(server, port) });
  }
  return {
    ports: lent,
    overheard: () => sent.flatMap(({ port, chunks }) => overheardIn(port, Buffer.concat(chunks))),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** Listens on the same port as the app, else on one that the system chooses. */
async function listen(server: Server, port: number): Promise<number> {
  const wished = port < FIRST_FREE_PORT ? 0 : port;
  try {
    server.listen(wished, HOST);
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    server.listen(0, HOST);
    await once(server, 'listening');
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('cannot read the port of a listener');
  return address.port;
}

function forward(socket: Socket, chunks: Buffer[], open: () => Promise<Duplex>): void {
  let bytes = 0;
  socket.on('error', () => socket.destroy());
  open().then(
    (stream) => {
      stream.on('error', () => socket.destroy());
      stream.once('close', () => socket.destroy());
      socket.once('close', () => stream.destroy());
      socket.on('data', (chunk: Buffer) => {
        if (bytes < OVERHEARD_BYTES) chunks.push(chunk);
        bytes += chunk.length;
      });
      socket.pipe(stream).pipe(socket);
    },
    // a client sees what it sees of an app that listens no more
    () => socket.destroy(),
  );
}
