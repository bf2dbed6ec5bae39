import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TcpProbe } from '../../src/workload/probe.ts';
import { tcpProbe } from '../../src/workload/probe-tcp.ts';
import { localContext, localServer } from '../support/local-server.ts';

const PING: TcpProbe = { kind: 'tcp', port: 0, send: 'PING\r\n', expect: null };

async function ask(serve: (socket: Socket) => void, probe: Partial<TcpProbe> = {}, signal?: AbortSignal) {
  await using server = await localServer(serve);
  return await tcpProbe.ask({ ...PING, port: server.port, ...probe }, localContext(signal));
}

const reply =
  (...parts: readonly (string | Uint8Array)[]) =>
  (socket: Socket) => {
    socket.setNoDelay(true).on('data', () => {
      for (const [index, part] of parts.entries()) setTimeout(() => socket.write(part), index * 40);
    });
  };

describe('an answer ends', () => {
  test('when it pauses', async () => {
    expect(await ask(reply('+PO', 'NG\r\n'))).toEqual({ status: null, text: '+PONG\r\n', fault: null });
  });

  describe('without a pause', () => {
    beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout'] }));
    afterEach(() => vi.useRealTimers());

    test('when the far side closes', async () => {
      const answer = await ask((socket) => socket.once('data', (data) => socket.end(`got ${data}`)));
      expect(answer).toEqual({ status: null, text: 'got PING\r\n', fault: null });
    });

    test('as soon as it holds what is expected', async () => {
      const pong = (socket: Socket) => socket.once('data', () => socket.write('+PONG\r\n'));
      expect(await ask(pong, { expect: '+PONG' })).toMatchObject({ text: '+PONG\r\n' });
    });
  });

  test('when time is up, with what has come', async () => {
    const chatter = (socket: Socket) => {
      const timer = setInterval(() => socket.write('x'), 20);
      socket.once('close', () => clearInterval(timer));
    };
    expect((await ask(chatter, {}, AbortSignal.timeout(200))).text).toMatch(/^x+$/);
  });
});

test('a character that comes in two chunks is one', async () => {
  const [first, ...rest] = Buffer.from('é\n');
  expect((await ask(reply(Buffer.from([first as number]), Buffer.from(rest)))).text).toBe('é\n');
});

describe('without anything to send', () => {
  test('a connection that is closed without a word is none, as one that was refused behind a tunnel', async () => {
    expect(await ask((socket) => socket.end(), { send: '' })).toEqual({
      status: null,
      text: null,
      fault: 'the connection was refused, or closed at once',
    });
  });

  test('a greeting is an answer, also where the connection is closed after it', async () => {
    const greet = (socket: Socket) => socket.end('220 ready\r\n');
    expect(await ask(greet, { send: '' })).toMatchObject({ status: 'connected', fault: null });
  });

  test('an accepted connection is the answer', async () => {
    expect(await ask(() => undefined, { send: '' })).toEqual({ status: 'connected', text: '', fault: null });
  });

  test('the connection is closed again', async () => {
    const sockets: Socket[] = [];
    await using server = await localServer((socket) => sockets.push(socket));
    await tcpProbe.ask({ ...PING, port: server.port, send: '' }, localContext());
    await vi.waitFor(() => expect(sockets.map(({ closed }) => closed)).toEqual([true]));
  });
});

describe('a fault, never an error, comes', () => {
  test('where nothing listens', async () => {
    const server = await localServer(() => undefined);
    await server[Symbol.asyncDispose]();
    const { fault } = await tcpProbe.ask({ ...PING, port: server.port }, localContext());
    expect(fault).toContain('ECONNREFUSED');
  });

  test('where the far side closes without an answer', async () => {
    const answer = await ask((socket) => socket.once('data', () => socket.end()));
    expect(answer).toEqual({
      status: null,
      text: null,
      fault: 'the connection was closed without an answer',
    });
  });

  test('where no answer comes in time', async () => {
    expect((await ask(() => undefined, {}, AbortSignal.timeout(60))).fault).toBe('no answer in time');
  });

  test('where time is up before it is asked', async () => {
    expect((await ask(() => undefined, {}, AbortSignal.abort())).fault).toBe('no answer in time');
  });
});

test.each([
  ['PING\r\n', '"PING" to port 6379'],
  ['', 'connection to port 6379'],
])('with %j to send it is described as: %s', (send, expected) => {
  expect(tcpProbe.describe({ ...PING, port: 6379, send })).toBe(expected);
});
