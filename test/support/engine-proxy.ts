import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { temporaryDirectory } from './temporary-directory.ts';

/** How an engine can fail: it goes away, falls silent, or sends what is no HTTP. */
export type Fault = 'cut' | 'freeze' | 'garbage';

/** A socket in front of the real engine, which plays a fault from a request on. */
export type EngineProxy = AsyncDisposable & {
  /** For DOCKER_HOST. */
  readonly address: string;
  /** How many requests have come so far. */
  readonly requests: () => number;
};

const ENGINE = '/var/run/docker.sock';
const REQUEST = /^(?:GET|HEAD|POST|PUT|DELETE) \/\S* HTTP\/1\.1\r\n/;

/** @param at the number of the request at which the fault begins; null for none */
export async function engineProxy(fault: Fault, at: number | null): Promise<EngineProxy> {
  const directory = await temporaryDirectory();
  const path = join(directory.path, 'engine.sock');
  const sockets = new Set<Socket>();
  let requests = 0;
  let isFaulty = false;
  const begin = () => {
    isFaulty = true;
    if (fault === 'cut') for (const socket of sockets) socket.destroy();
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (isFaulty && fault === 'cut') {
      client.destroy();
      return;
    }
    const engine = connect({ path: ENGINE, allowHalfOpen: true });
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.on('data', (data) => {
      if (REQUEST.test(data.subarray(0, 4096).toString('latin1'))) {
        requests += 1;
        if (requests === at) begin();
      }
      if (isFaulty && fault === 'garbage') client.write('\x00no engine\xff\r\n\r\n{"Id":\n');
      else if (!isFaulty) engine.write(data);
    });
    engine.on('data', (data) => {
      if (!isFaulty) client.write(data);
      else if (fault === 'garbage') client.write(Buffer.alloc(data.length, 0xa5));
    });
    client.on('end', () => isFaulty || engine.end()).on('close', () => engine.destroy());
    engine.on('end', () => isFaulty || client.end()).on('close', () => isFaulty || client.destroy());
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    address: `unix://${path}`,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}
