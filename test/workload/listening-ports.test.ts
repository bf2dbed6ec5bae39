import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { BOUND, LISTEN, portsIn } from '../../src/workload/sidecar.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const row = (address: string, state: string) =>
  `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 12345 1 0 100 0 0 10 0`;

test('are those of sockets that listen, of either family, and no others', () => {
  const table = [
    HEAD,
    row('0100007F:1F90', '0A'),
    row('0100007F:1F91', '01'),
    row('0100007F:1F92', '06'),
    HEAD,
    row('00000000000000000000000000000000:0050', '0A'),
    '',
  ].join('\n');
  expect(portsIn(table, LISTEN)).toEqual(new Set([8080, 80]));
});

test('are none in an empty table', () => {
  expect(portsIn(`${HEAD}\n`, LISTEN)).toEqual(new Set());
});

test.runIf(process.platform === 'linux')(
  'of this machine contain the port of a server of this test',
  async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(portsIn(readFileSync('/proc/net/tcp', 'latin1'), LISTEN)).toContain(port);
    await new Promise((resolve) => server.close(resolve));
    expect(portsIn(readFileSync('/proc/net/tcp', 'latin1'), LISTEN)).not.toContain(port);
  },
);

test.runIf(process.platform === 'linux')(
  'of UDP hold that of a socket of this machine, and none that is connected',
  async () => {
    const server = createSocket('udp4').bind(0, '127.0.0.1');
    const client = createSocket('udp4');
    await once(server, 'listening');
    client.connect(server.address().port, '127.0.0.1');
    await once(client, 'connect');
    const bound = portsIn(readFileSync('/proc/net/udp', 'latin1'), BOUND);
    expect(bound).toContain(server.address().port);
    expect(bound).not.toContain(client.address().port);
    client.close();
    server.close();
  },
);
