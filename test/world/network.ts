import { Duplex, duplexPair } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionLine } from '../../src/workload/connection-line.ts';
import type { NetworkPool } from '../../src/workload/network-pool.ts';
import type { Sidecar } from '../../src/workload/sidecar.ts';

/** The loopback that the containers of one run share. */
export class WorldNetwork {
  readonly #ports = new Map<number, (socket: Duplex) => void>();

  get listening(): ReadonlySet<number> {
    return new Set(this.#ports.keys());
  }

  /** Serves a port; the result ends that, with all its connections. */
  listen(port: number, serve: (socket: Duplex) => void): () => void {
    if (this.#ports.has(port)) throw new Error(`the world has two programs on port ${port}`);
    const sockets = new Set<Duplex>();
    this.#ports.set(port, (socket) => {
      sockets.add(socket);
      serve(socket);
    });
    return () => {
      this.#ports.delete(port);
      for (const socket of sockets) socket.destroy();
    };
  }

  /** A connection, which ends without data where no program listens, as the sidecar's does. */
  connect(port: number): Duplex {
    const serve = this.#ports.get(port);
    if (serve === undefined) return refused();
    const [near, far] = duplexPair();
    for (const [side, other] of [
      [near, far],
      [far, near],
    ] as const) {
      side.on('error', () => undefined);
      side.once('close', () => other.destroy());
    }
    serve(far);
    return near;
  }
}

function refused(): Duplex {
  const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  stream.push(null);
  return stream;
}

/** How long a passing connection stays beside the next one. */
const STAYS_MS = 20;

/** A way to the ports of a network without a sidecar's container. */
function lineTo(network: WorldNetwork): ConnectionLine {
  let last: Duplex | undefined;
  return {
    connect(port) {
      last?.destroy();
      last = network.connect(port);
      return last;
    },
    passBy({ port, send, end }) {
      const passing = network.connect(port);
      if (send !== '') passing.write(Buffer.from(send, 'latin1'));
      if (end === 'unread') passing.once('data', () => passing.destroy());
      else if (end === 'at-once') setImmediate(() => passing.destroy());
      else void sleep(STAYS_MS).then(() => passing.destroy());
    },
    [Symbol.dispose]: () => void last?.destroy(),
  };
}

/** The networks of a world by their names, and the pool that runs take them from. */
export class WorldNetworks {
  readonly #networks = new Map<string, WorldNetwork>();

  at(name: string): WorldNetwork {
    const found = this.#networks.get(name);
    if (found === undefined) throw new Error(`the world has no network ${name}`);
    return found;
  }

  pool(): NetworkPool {
    return {
      take: async () => {
        const name = `container:world-${this.#networks.size + 1}` as const;
        const network = new WorldNetwork();
        this.#networks.set(name, network);
        return {
          network: name,
          expect: () => undefined,
          connect: async (port) => network.connect(port),
          line: async () => lineTo(network),
          listening: async () => network.listening,
          // programs of the world speak TCP alone
          bound: async () => new Set<number>(),
          isVacant: async () => true,
          [Symbol.asyncDispose]: async () => {
            if (network.listening.size > 0) throw new Error('the world has a program that outlives its run');
          },
        } satisfies Sidecar;
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
}
