import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { Answer, HttpProbe } from '../../src/workload/probe.ts';
import { httpProbe } from '../../src/workload/probe-http.ts';
import { type LocalServer, listening, localContext, localServer } from '../support/local-server.ts';
import { selfSigned } from '../support/self-signed.ts';

const TOO_LONG: Answer = {
  status: null,
  text: null,
  fault: 'the answer has more than 4,194,304 bytes',
  isTooLong: true,
};

const PROBE: HttpProbe = {
  kind: 'http',
  port: 0,
  tls: false,
  method: 'GET',
  path: '/',
  headers: {},
  body: null,
  expectStatus: null,
  expect: null,
  showsHead: false,
  follows: false,
};

async function ask(
  server: LocalServer,
  probe: Partial<HttpProbe> = {},
  signal?: AbortSignal,
): Promise<Answer> {
  return await httpProbe.ask({ ...PROBE, port: server.port, ...probe }, localContext(signal));
}

const web = (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
  listening(createServer(answer));

/** Writes bytes as they are and closes the connection, whatever was asked. */
const raw = (...lines: string[]) =>
  localServer((socket) => socket.once('data', () => socket.end(lines.join('\r\n'))));

describe('the answer', () => {
  test('is the status line and the body', async () => {
    await using server = await web((_, response) => response.writeHead(404).end('nö\n'));
    expect(await ask(server)).toEqual({ status: '404 Not Found', text: 'nö\n', fault: null });
  });

  test('gives its type with the status', async () => {
    await using server = await web((_, response) =>
      response.writeHead(200, { 'content-type': 'text/css' }).end('a {}'),
    );
    expect((await ask(server)).status).toBe('200 OK (text/css)');
  });

  test('may have header lines that end in LF alone, as a CGI script prints them', async () => {
    await using server = await localServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.0 200 OK\nContent-Type: text/plain\n\nhello\n')),
    );
    const answer = { status: '200 OK (text/plain)', text: 'hello\n', fault: null };
    expect(await ask(server)).toEqual(answer);
  });

  test('that has no end exceeds the limit', async () => {
    await using server = await web((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(1 << 16)));
      };
      response.on('drain', more);
      more();
    });
    expect(await ask(server)).toEqual(TOO_LONG);
  });

  test.each([
    [0, null],
    [1, TOO_LONG.fault],
  ])('may have as many bytes as the limit, and %i more is a fault: %j', async (more, fault) => {
    await using server = await web((_, response) => response.end('x'.repeat(4 * 1024 ** 2 + more)));
    expect((await ask(server)).fault).toBe(fault);
  });

  test('is that of a server in clear text through TLS as well', async () => {
    const server = createTlsServer(selfSigned(), (request, response) =>
      response.end(`secret ${request.url}`),
    );
    await using listener = await listening(server);
    expect(await ask(listener, { tls: true, path: '/a' })).toEqual({
      status: '200 OK',
      text: 'secret /a',
      fault: null,
    });
  });

  test('has its head apart where the README shows it', async () => {
    await using server = await raw('HTTP/1.1 200 Fine', 'X-A: b', 'x-c: d', 'Content-Length: 2', '', 'ok');
    expect(await ask(server, { showsHead: true })).toMatchObject({
      head: 'HTTP/1.1 200 Fine\nX-A: b\nx-c: d\nContent-Length: 2',
      text: 'ok',
    });
  });

  test('is what came of a body that is shorter than announced', async () => {
    await using server = await raw('HTTP/1.1 200 OK', 'Content-Length: 99', '', 'Hello');
    expect(await ask(server)).toEqual({ status: '200 OK', text: 'Hello', fault: null });
  });

  test('is the body up to the close where none is announced', async () => {
    await using server = await raw('HTTP/1.0 200 OK', '', 'Hello');
    expect(await ask(server)).toMatchObject({ text: 'Hello' });
  });

  test('of HEAD has no body', async () => {
    await using server = await raw('HTTP/1.1 200 OK', 'Content-Length: 99', '', '');
    expect(await ask(server, { method: 'HEAD' })).toEqual({ status: '200 OK', text: '', fault: null });
  });
});

describe('a redirection', () => {
  /** `/a` leads where `to` says with a status; any other path answers how it was asked. */
  const leading = (to: (port: number) => string, status = 302) =>
    web(async (request, response) => {
      const { method, url, socket } = request;
      if (url !== '/a') response.end(`${method} ${url} ${await text(request)}`);
      else response.writeHead(status, { location: to(socket.localPort as number) }).end();
    });
  const asked = async (server: LocalServer, probe: Partial<HttpProbe> = {}) =>
    await ask(server, { path: '/a', follows: true, ...probe });

  test.each([
    ['a path', () => '/b?c'],
    ['a relative path', () => 'b?c'],
    ['this host by its name', (port: number) => `http://localhost:${port}/b?c`],
    ['this host by its address', (port: number) => `http://127.0.0.1:${port}/b?c`],
  ])('to %s is followed', async (_, to) => {
    await using server = await leading(to);
    expect(await asked(server)).toEqual({ status: '200 OK', text: 'GET /b?c ', fault: null });
  });

  test.each([
    ['where no probe asks for it', () => '/b', { follows: false }],
    ['to another host', () => 'http://example.org/b', {}],
    ['to another protocol', () => 'ftp://localhost/b', {}],
    ['that goes round in circles, for ever', () => '/a', {}],
  ])('%s is not followed', async (_, to, probe) => {
    await using server = await leading(to);
    expect(await asked(server, probe)).toMatchObject({ status: '302 Found', text: '' });
  });

  test.each([
    [303, 'GET /b '],
    [307, 'PUT /b x'],
  ])('with %i repeats the question as: %s', async (status, expected) => {
    await using server = await leading(() => '/b', status);
    expect(await asked(server, { method: 'PUT', body: 'x' })).toMatchObject({ text: expected });
  });

  test('is shown by its head', async () => {
    await using server = await leading(() => '/b');
    const { head } = await asked(server, { showsHead: true });
    expect(head).toMatch(/^HTTP\/1.1 302 Found\n[\s\S]*\n\nHTTP\/1.1 200 OK\n/);
  });
});

describe('the request', () => {
  const echo = () =>
    web(async (request, response) => {
      const { method, url, headers } = request;
      response.end(JSON.stringify({ method, url, headers, body: await text(request) }));
    });
  const echoed = async (probe: Partial<HttpProbe>) => {
    await using server = await echo();
    return { port: server.port, ...JSON.parse((await ask(server, probe)).text ?? '') };
  };

  test('names the host and accepts anything, as curl does', async () => {
    const { port, method, url, headers } = await echoed({ path: '/a?b=c' });
    expect({ method, url }).toEqual({ method: 'GET', url: '/a?b=c' });
    expect(headers).toMatchObject({ host: `localhost:${port}`, accept: '*/*' });
  });

  test('carries method, headers and body', async () => {
    const probe = { method: 'POST', headers: { 'x-a': 'b', host: 'example.org' }, body: 'a=ö' };
    expect(await echoed(probe)).toMatchObject({
      method: 'POST',
      headers: { 'x-a': 'b', host: 'example.org' },
      body: 'a=ö',
    });
  });
});

describe('a fault, never an error, comes', () => {
  test('where nothing listens', async () => {
    const server = await web(() => undefined);
    await server[Symbol.asyncDispose]();
    const { status, text, fault } = await ask(server);
    expect({ status, text }).toEqual({ status: null, text: null });
    expect(fault).toContain('ECONNREFUSED');
  });

  test('where the connection is closed without a word', async () => {
    await using server = await localServer((socket) => socket.once('data', () => socket.end()));
    expect((await ask(server)).fault).toBe('socket hang up');
  });

  test('where the answer is not HTTP', async () => {
    await using server = await raw('SSH-2.0-x', '');
    expect((await ask(server)).fault).toContain('Parse Error');
  });

  test.each([
    ['the head', () => undefined],
    ['the body', (_: IncomingMessage, response: ServerResponse) => response.writeHead(200).flushHeaders()],
  ])('where %s does not come in time', async (_, answer) => {
    await using server = await web(answer);
    expect(await ask(server, {}, AbortSignal.timeout(100))).toEqual({
      status: null,
      text: null,
      fault: 'no answer in time',
    });
  });

  test('where time is up before it is asked', async () => {
    await using server = await web((_, response) => response.end());
    expect((await ask(server, {}, AbortSignal.abort())).fault).toBe('no answer in time');
  });
});

test('is described by what it asks', () => {
  expect(httpProbe.describe({ ...PROBE, method: 'POST', path: '/a', port: 80 })).toBe('POST /a on port 80');
});
