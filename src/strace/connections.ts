import { detached } from './decode-name.ts';
import type { SyscallEvent } from './event.ts';

/** An address that a program connected to, or tried to, once for each outcome; connect(2). */
export type TriedConnection = {
  /** As strace prints it: `127.0.0.1`, `::1`. */
  readonly address: string;
  readonly port: number;
  /** `ENETUNREACH`; null where the call succeeded, as it does at once for every datagram socket. */
  readonly errno: string | null;
};

/** `{sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.11")}`. */
const IPV4 = /^\{sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\("([\d.]+)"\)/;
const IPV6 = /^\{sa_family=AF_INET6, sin6_port=htons\((\d+)\).*inet_pton\(AF_INET6, "([\da-fA-F:.]+)"/;

/** Gathers the connections of a trace; `spend` is called with the bytes that each new one takes. */
export function createConnectionRecord(spend: (bytes: number) => void) {
  const connections = new Map<string, TriedConnection>();
  return {
    /** Looks at a call of `connect`; other families than IP are none of its concern. */
    add({ errno }: Pick<SyscallEvent, 'errno'>, [, target = '']: readonly string[]): void {
      const [, port, address] = IPV4.exec(target) ?? IPV6.exec(target) ?? [];
      if (port === undefined || address === undefined) return;
      const key = detached(`${address} ${port} ${errno}`);
      if (connections.has(key)) return;
      spend(4 * key.length);
      const failure = errno === null ? null : detached(errno);
      connections.set(key, { address: detached(address), port: Number(port), errno: failure });
    },
    get connections(): readonly TriedConnection[] {
      return [...connections.values()];
    },
  };
}
