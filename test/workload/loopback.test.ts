import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { lendLoopback } from '../../src/workload/loopback.ts';

/** An app that answers each line in capitals. */
const app = async () =>
  new Duplex({
    read: () => undefined,
    write(chunk, _, done) {
      this.push(String(chunk).toUpperCase());
      done();
    },
  });

async function talk(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer);
}

test('a port leads to the app, and what was sent is known', async () => {
  await using loopback = await lendLoopback([80], app);
  const [lent] = loopback.ports;
  expect(await talk(lent?.hostPort ?? 0, 'io\n')).toBe('IO\n');
  expect(loopback.overheard()).toEqual([{ kind: 'tcp', port: 80, send: 'io\n' }]);
});

test('another port stands for a port that is taken', async () => {
  await using taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await using loopback = await lendLoopback([port], app);
  const [lent] = loopback.ports;
  expect(lent?.port).toBe(port);
  expect(lent?.hostPort).not.toBe(port);
  expect(await talk(lent?.hostPort ?? 0, 'io\n')).toBe('IO\n');
});

test('a client of an app that listens no more is let go', async () => {
  await using loopback = await lendLoopback([80], async () => await Promise.reject(new Error('gone')));
  const socket = connect(loopback.ports[0]?.hostPort ?? 0, '127.0.0.1');
  socket.resume();
  await once(socket, 'close');
});

test('the end closes what clients hold open, and the port', async () => {
  const loopback = await lendLoopback([80], app);
  const { hostPort = 0 } = loopback.ports[0] ?? {};
  const socket = connect(hostPort, '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(socket.resume(), 'close');
  await loopback[Symbol.asyncDispose]();
  await closed;
  const late = connect(hostPort, '127.0.0.1');
  const [error] = await once(late, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});
