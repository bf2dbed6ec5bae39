import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Docker from 'dockerode';
import { type LocalServer, listening } from '../support/local-server.ts';

/** A server in the place of an engine, for what no engine does on demand. */
export type FakeEngine = LocalServer & { readonly docker: Docker; readonly asked: string[] };

/** Answers as the test says; a BuildKit session is accepted and nothing said over it. */
export async function fakeEngine(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<FakeEngine> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.replace(/\?.*/, '')}`);
    answer(request, response);
  });
  server.on('upgrade', (_, socket) => {
    socket.on('error', () => undefined);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
  });
  const local = await listening(server);
  const docker = new Docker({ protocol: 'http', host: '127.0.0.1', port: local.port });
  return { ...local, docker, asked };
}

/** A value as the engine sends it. */
export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
