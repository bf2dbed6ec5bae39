import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { HttpProbe } from '../../../src/workload/probe.ts';
import { askLooks } from '../../../src/workload/second-look/ask-looks.ts';
import { httpLooks } from '../../../src/workload/second-look/http-looks.ts';
import { tcpLooks } from '../../../src/workload/second-look/tcp-looks.ts';
import { localLook } from '../../support/local-look.ts';
import { listening, localServer } from '../../support/local-server.ts';

const GET: HttpProbe = {
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

const shortTitle = (title: string) => title.replace(/ on port \d+$/, '');

/** The answers of a server to the cases of HTTP, by their titles. */
async function lookAt(port: number, lives?: () => boolean) {
  const looked = await askLooks(httpLooks({ ...GET, port }), localLook(lives));
  return new Map(looked.map(({ look, answer }) => [shortTitle(look.title), answer]));
}

describe('a web server', () => {
  test('is asked what its README does not show', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      asked.push(`${method} ${url}${headers.range === undefined ? '' : ` ${headers.range}`}`);
      response.statusCode = url === '/' ? 200 : 404;
      request.resume().on('end', () => response.end(`${method} ${url}`));
    });
    await using local = await listening(server);
    const answers = await lookAt(local.port);
    expect(answers.size).toBe(16);
    expect(asked).toEqual(
      expect.arrayContaining(['HEAD /', 'GET /?a=1&b=%20c', 'GET / bytes=0-3', 'OPTIONS /', 'POST /']),
    );
    expect(answers.get('a missing page')).toMatchObject({ status: '404 Not Found' });
    expect(answers.get('a bad line')?.text).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(answers.get('a line that is too long')?.text).toMatch(/^HTTP\/1\.1 431 /);
    expect(answers.get('POST /')).toMatchObject({ status: '200 OK', text: 'POST /' });
  });

  test('is reset while it waits for the rest of a request', async () => {
    const faults: string[] = [];
    const serve = (socket: Socket) => {
      socket.on('error', ({ message }) => faults.push(message));
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    };
    await using local = await localServer(serve);
    const answers = await lookAt(local.port);
    expect(answers.get('the page after half a request and a reset')).toMatchObject({ text: 'ok' });
    expect(faults).toContain('read ECONNRESET');
  });

  test('that dies of a case is not asked any more', async () => {
    let lives = true;
    const serve = (socket: Socket) => {
      socket.once('data', (data) => {
        lives &&= !data.toString().startsWith('kraft-slim');
        if (lives) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        else socket.destroy();
      });
    };
    await using local = await localServer(serve);
    const answers = await lookAt(local.port, () => lives);
    expect([...answers.keys()].at(-1)).toBe('a bad line');
    expect(answers.get('a bad line')?.fault).not.toBeNull();
  });

  test('that is silent twice is not asked any more', async () => {
    await using local = await localServer(() => undefined);
    const answers = await lookAt(local.port);
    expect([...answers.values()].map(({ fault }) => fault)).toEqual([
      'no answer in time',
      'no answer in time',
    ]);
  }, 10_000);
});

test('a server of another protocol gets garbage, and clients that leave', async () => {
  const heard: string[] = [];
  const serve = (socket: Socket) => {
    socket.on('data', (data) => {
      heard.push(data.toString('latin1'));
      socket.end(data);
    });
  };
  await using local = await localServer(serve);
  const probe = { kind: 'tcp', port: local.port, send: 'hi\n', expect: 'hi' } as const;
  const looked = await askLooks(tcpLooks(probe), localLook());
  expect(looked.map(({ answer }) => answer.text)).toEqual(['hi\n', 'hi\n', 'hi\n', 'hi\n']);
  expect(heard.some((text) => text.startsWith('\0\x01\x02') && text.endsWith('\xfe\xff'))).toBe(true);
});
