import type { ClientProbe, Probe, TcpProbe } from '../probe.ts';
import type { Workload } from '../workload.ts';
import { httpLooks } from './http-looks.ts';
import type { Look } from './look.ts';
import { sqlLooks } from './sql-looks.ts';
import { memcachedLooks, redisLooks } from './store-looks.ts';
import { tcpLooks } from './tcp-looks.ts';

const REDIS_CLIENT = /(?:^|\/)(?:redis|valkey|keydb)-cli$/;
const REDIS_PORT = 6379;
const MEMCACHED_PORT = 11211;

/**
 * The second look at an app: a constant list for each kind of app that its workload shows, over the first probe of
 * that kind. Empty for an app without ports.
 */
export function looksOf({ probes, ports }: Workload): readonly Look[] {
  const http = probes.find((probe) => probe.kind === 'http');
  const stores = probes.flatMap((probe) => storeLooks(probe, ports)).slice(0, 1);
  const sql = probes.filter((probe) => probe.kind === 'client').map(sqlLooks);
  const tcp = probes.find((probe) => probe.kind === 'tcp' && !isAnswered(probe, http?.port));
  return [
    ...(http === undefined ? [] : httpLooks(http)),
    ...(stores[0] ?? []),
    ...(sql.find((looks) => looks.length > 0) ?? []),
    ...(tcp === undefined || stores.length > 0 ? [] : tcpLooks(tcp as TcpProbe)),
  ];
}

/** Whether the cases of HTTP look at a port already. */
function isAnswered({ port }: TcpProbe, httpPort: number | undefined): boolean {
  return port === httpPort;
}

function storeLooks(probe: Probe, ports: readonly number[]): (readonly Look[])[] {
  if (probe.kind === 'client' && REDIS_CLIENT.test(probe.command[0] ?? '')) {
    const port = portOfClient(probe);
    return ports.includes(port) ? [redisLooks(port)] : [];
  }
  if (probe.kind !== 'tcp') return [];
  if (/^(?:\*\d+\r\n|PING\b)/i.test(probe.send)) return [redisLooks(probe.port)];
  const isMemcached = probe.port === MEMCACHED_PORT || /^(?:version|stats|[gs]et \S+)/.test(probe.send);
  return isMemcached ? [memcachedLooks(probe.port)] : [];
}

/** The port that a `redis-cli` asks. */
function portOfClient({ command }: ClientProbe): number {
  const at = command.indexOf('-p');
  return at === -1 ? REDIS_PORT : Number(command[at + 1]);
}
