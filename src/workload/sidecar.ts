import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import type { ContainerSpec, Engine } from '../engine/engine.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { timeLimit } from '../shared/time-limit.ts';
import { unlessAborted } from '../shared/unless-aborted.ts';
import { type ConnectionLine, openLine } from './connection-line.ts';
import { SIDECAR_BUSYBOX, sidecarImage } from './helper-images.ts';

const LIMITS = { memoryBytes: 64 * 1024 ** 2, pids: 64 };

/** State LISTEN of a socket in /proc/net/tcp, include/net/tcp_states.h of Linux. */
export const LISTEN = '0A';

/** The line behind the tables of sockets. */
const END = '.';

/** Shows the tables of sockets for each line that it reads, and ends with its input: then no caller is left. */
const SHOW_TABLES = `while read -r _; do ${SIDECAR_BUSYBOX} cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6; echo ${END}; done`;

/** Waits for the number of a port, and is a connection to it from then on. */
const CONNECT = `read -r port && exec ${SIDECAR_BUSYBOX} nc 127.0.0.1 "$port"`;

/** To start a program inside takes the engine longer than all else of a connection, so that so many wait. */
const CONNECTIONS_AHEAD = 2;

/** State of a UDP socket that receives from any address: TCP_CLOSE, which no socket of the TCP tables has. */
export const BOUND = '07';

/**
 * State TIME_WAIT: a connection that has ended, and that keeps its port for a minute, except from a server with
 * SO_REUSEADDR.
 */
const TIME_WAIT = '06';

/** Ended connections are forgotten at once, so that the next app in a network finds it as the first one did. */
const LIMIT = 'tcp_max_tw_buckets';
const FORGET_CONNECTIONS = { [`net.ipv4.${LIMIT}`]: '0' };

/** How long a sidecar may take to say how it is. */
const ANSWER_MS = 2000;

/** What else there is than the loopback. */
export type SidecarNetwork = 'none' | 'bridge';

/**
 * Owns the network that an app shares with its services and clients, so that it lasts whatever ends of these, and
 * lends its loopback to this process, over the engine's attach stream.
 */
export interface Sidecar extends AsyncDisposable {
  /** The network for the containers that share it. */
  readonly network: ContainerSpec['network'];
  /** Announces how many connections will be asked for, so that it can open some ahead. */
  expect(connections: number): void;
  /** A connection to a port of the loopback. */
  connect(port: number): Promise<Duplex>;
  /** Connections of which only the first takes the time that a program's start takes. */
  line(): Promise<ConnectionLine>;
  /** The TCP ports that listen at this moment. */
  listening(signal: AbortSignal): Promise<ReadonlySet<number>>;
  /** The UDP ports that receive at this moment. */
  bound(signal: AbortSignal): Promise<ReadonlySet<number>>;
  /** Whether it still runs and its network keeps nothing of apps that have ended. */
  isVacant(): Promise<boolean>;
}

/** Starts a sidecar in a new network. It ends when this process does, also where that is killed. */
export async function startSidecar(engine: Engine, network: SidecarNetwork): Promise<Sidecar> {
  try {
    return await start(engine, network, FORGET_CONNECTIONS);
  } catch (error) {
    if (!messageOf(error).includes(LIMIT)) throw error;
    // kernels before 4.10 have this limit for the whole machine alone: such a network serves once
    return { ...(await start(engine, network, {})), isVacant: async () => false };
  }
}

async function start(
  engine: Engine,
  network: SidecarNetwork,
  sysctls: Readonly<Record<string, string>>,
): Promise<Sidecar> {
  const container = await engine.createContainer({
    image: await sidecarImage(engine),
    argv: shell(SHOW_TABLES),
    env: {},
    network,
    sysctls,
    takesInput: true,
    limits: LIMITS,
  });
  try {
    const tables = tablesOver(await container.converse());
    await container.start();
    return {
      network: `container:${container.id}`,
      ...connections(() => container.pipe(shell(CONNECT))),
      line: () => openLine((argv) => container.pipe(argv)),
      listening: async (signal) => portsIn(await tables(signal), LISTEN),
      bound: async (signal) => portsIn(await tables(signal), BOUND),
      isVacant: async () => {
        const seen = await tables(timeLimit(ANSWER_MS)).catch(() => undefined);
        return seen !== undefined && portsIn(seen, TIME_WAIT).size === 0;
      },
      [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
    };
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
}

function shell(script: string): string[] {
  return [SIDECAR_BUSYBOX, 'sh', '-c', script];
}

/** The text of the tables, as often as it is asked for. */
function tablesOver(stream: Duplex): (signal: AbortSignal) => Promise<string> {
  const waiting: ((table: string) => void)[] = [];
  let lines: string[] = [];
  const reader = createInterface({ input: stream }).on('line', (line) => {
    if (line !== END) lines.push(line);
    else {
      // a connection without a waiting caller keeps its place in the row
      waiting.shift()?.(lines.join('\n'));
      lines = [];
    }
  });
  const gone = once(reader, 'close').then(() => {
    throw new UserError('engine-absent', 'cannot reach the app: its sidecar container has ended', {
      hint: 'check that the engine runs and that no other command has removed the container, and run again',
    });
  });
  gone.catch(() => undefined);
  return async (signal) => {
    const answer = new Promise<string>((resolve) => waiting.push(resolve));
    stream.write('\n');
    return await unlessAborted(Promise.race([answer, gone]), signal);
  };
}

/** Connections, of which the next ones are opened while one is used, as long as more are expected. */
function connections(open: () => Promise<Duplex>): Pick<Sidecar, 'expect' | 'connect'> {
  const ahead: Promise<Duplex>[] = [];
  let expected = 0;
  const refill = () => {
    while (ahead.length < Math.min(CONNECTIONS_AHEAD, expected)) {
      const opened = open();
      // the caller that takes it gets the error, if any does
      opened.catch(() => undefined);
      ahead.push(opened);
    }
  };
  return {
    expect(count) {
      expected = count;
      refill();
    },
    async connect(port) {
      const taken = ahead.shift() ?? open();
      expected -= 1;
      refill();
      const stream = await taken;
      stream.write(`${port}\n`);
      return stream;
    },
  };
}

/** The ports of a state in the text of /proc/net/tcp, udp and their forms for IPv6, proc(5). */
export function portsIn(table: string, wanted: string): Set<number> {
  const ports = new Set<number>();
  for (const line of table.split('\n')) {
    const [, local, , state] = line.trim().split(/\s+/);
    if (state === wanted && local !== undefined) ports.add(Number.parseInt(local.split(':')[1] ?? '', 16));
  }
  return ports;
}
