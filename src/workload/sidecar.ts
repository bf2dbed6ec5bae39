import type { Duplex } from 'node:stream';
import type { ContainerSpec, Engine } from '../engine/engine.ts';
import { SIDECAR_BUSYBOX, sidecarImage } from './helper-images.ts';

const LIMITS = { memoryBytes: 64 * 1024 ** 2, pids: 64 };

/** State LISTEN of a socket in /proc/net/tcp, include/net/tcp_states.h of Linux. */
const LISTEN = '0A';

/**
 * Owns the network that an app shares with its services and clients, so that it lasts whoever of them ends, and
 * lends its loopback to this process, over the engine's attach stream.
 */
export interface Sidecar extends AsyncDisposable {
  /** The network for the containers that share it. */
  readonly network: ContainerSpec['network'];
  /** A connection to a port of the loopback. */
  connect(port: number): Promise<Duplex>;
  /** The TCP ports that listen at this moment. */
  listening(signal: AbortSignal): Promise<ReadonlySet<number>>;
}

/** Starts a sidecar in a new network of its own. */
export async function startSidecar(engine: Engine, network: 'none' | 'bridge'): Promise<Sidecar> {
  const container = await engine.createContainer({
    image: await sidecarImage(engine),
    argv: [SIDECAR_BUSYBOX, 'sleep', '86400'],
    env: {},
    network,
    limits: LIMITS,
  });
  try {
    await container.start();
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
  const tables = [SIDECAR_BUSYBOX, 'cat', '/proc/net/tcp', '/proc/net/tcp6'];
  return {
    network: `container:${container.id}`,
    connect: (port) => container.pipe([SIDECAR_BUSYBOX, 'nc', '127.0.0.1', String(port)]),
    async listening(signal) {
      const { stdout } = await container.run(tables, signal);
      return listeningPorts(stdout.toString('latin1'));
    },
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  };
}

/** The ports that listen according to the text of /proc/net/tcp and tcp6, proc(5). */
export function listeningPorts(table: string): Set<number> {
  const ports = new Set<number>();
  for (const line of table.split('\n')) {
    const [, local, , state] = line.trim().split(/\s+/);
    if (state === LISTEN && local !== undefined) ports.add(Number.parseInt(local.split(':')[1] ?? '', 16));
  }
  return ports;
}
