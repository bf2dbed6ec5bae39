import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, Engine } from '../engine/engine.ts';
import { SIDECAR_BUSYBOX, sidecarImage } from './helper-images.ts';

const LIMITS = { memoryBytes: 64 * 1024 ** 2, pids: 64 };

/** How often the table of listening ports is read. */
const POLL_MS = 20;

/** State LISTEN of a socket in /proc/net/tcp, include/net/tcp_states.h of Linux. */
const LISTEN = '0A';

/** Lends the loopback of an app's network to this process, over the engine's attach stream. */
export interface Sidecar extends AsyncDisposable {
  /** A connection to a port of the app's loopback. */
  connect(port: number): Promise<Duplex>;
  /** Resolves when every port listens; rejects with the signal's reason. */
  untilListening(ports: readonly number[], signal: AbortSignal): Promise<void>;
}

/** Starts a sidecar beside an app that has been started. */
export async function startSidecar(engine: Engine, app: Container): Promise<Sidecar> {
  const container = await engine.createContainer({
    image: await sidecarImage(engine),
    argv: [SIDECAR_BUSYBOX, 'sleep', '86400'],
    env: {},
    network: `container:${app.id}`,
    limits: LIMITS,
  });
  try {
    await container.start();
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
  return {
    connect: (port) => container.pipe([SIDECAR_BUSYBOX, 'nc', '127.0.0.1', String(port)]),
    untilListening: (ports, signal) => untilListening(container, ports, signal),
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  };
}

async function untilListening(
  container: Container,
  ports: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  const tables = [SIDECAR_BUSYBOX, 'cat', '/proc/net/tcp', '/proc/net/tcp6'];
  for (;;) {
    signal.throwIfAborted();
    const { stdout } = await container.run(tables, signal);
    const listening = listeningPorts(stdout.toString('latin1'));
    if (ports.every((port) => listening.has(port))) return;
    await sleep(POLL_MS, undefined, { signal });
  }
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
