import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Program, Reply, Step } from './program.ts';

/** What serves a program's answers. */
export type Server = {
  readonly follow: (steps: readonly Step[], print: (text: string) => void) => Promise<void>;
};

/** What a program does with a connection to its port. */
export function serverOf(program: Program, server: Server): (socket: Duplex) => void {
  if (program.tcp !== undefined) return talker(program.tcp, server);
  if (program.http === undefined) return () => undefined;
  const { http } = program;
  const listener = createServer((request, response) => void answer(http, { request, response, server }));
  return (socket) => void listener.emit('connection', socket);
}

type Asked = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
};

async function answer(
  http: NonNullable<Program['http']>,
  { request, response, server }: Asked,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  request.resume();
  // one moment of the answer would differ from the next
  response.sendDate = false;
  const [path] = url.split('?');
  const isHead = method === 'HEAD';
  const found = http[`${isHead ? 'GET' : method} ${url}`] ?? http[`${isHead ? 'GET' : method} ${path}`];
  const missing = http.missing ?? { does: ['print not found'], status: 404, type: 'text/plain' };
  const chosen = found ?? missing;
  const reply: Reply = 'does' in chosen ? chosen : { does: chosen };
  let body = '';
  let status = reply.status ?? 200;
  try {
    await server.follow(reply.does, (text) => {
      body += text;
    });
  } catch (error) {
    if (!('exitCode' in (error as object))) throw error;
    status = 500;
    body = 'broken\n';
  }
  const { type = 'text/html', headers = {} } = reply;
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(isHead ? undefined : body);
}

/** Answers a line with what its steps print; any other line ends the connection. */
function talker(tcp: NonNullable<Program['tcp']>, server: Server): (socket: Duplex) => void {
  return (socket) => {
    let held = '';
    socket.on('data', async (chunk: Buffer) => {
      held += chunk.toString();
      const at = held.indexOf('\n');
      if (at === -1) return;
      const line = held.slice(0, at).trim();
      held = held.slice(at + 1);
      const steps = tcp[line];
      if (steps === undefined) return void socket.end();
      let text = '';
      await server
        .follow(steps, (printed) => {
          text += printed;
        })
        .then(
          () => socket.write(text),
          () => socket.end(),
        );
      if (socket.readableEnded) socket.end();
    });
    socket.once('end', () => setImmediate(() => socket.end()));
  };
}
