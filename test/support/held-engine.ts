import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { temporaryDirectory } from './temporary-directory.ts';

/** A request on its way to the engine: `POST /containers/create`, without the API's version and the query. */
export type EngineRequest = string;

/** Whether a request is to be held. */
type Matches = (request: EngineRequest) => boolean | Promise<boolean>;

/** A request that waits on its way to the engine until it is released. */
export type Held = {
  /** Resolves when the request, or the line of an answer, is there. */
  readonly reached: Promise<string>;
  readonly release: () => void;
};

/** A way to the engine on which a test stops a command at a named request; disposing of it releases all. */
export type HeldEngine = AsyncDisposable & {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** What has been asked so far, in order. */
  readonly asked: readonly EngineRequest[];
  /**
   * Holds the first request that matches. A command writes its steps before it makes their requests, so a step is known
   * then.
   */
  readonly hold: (matches: Matches) => Held;
  /** Holds the first line of an answer to such a request that matches; what came before it passes. */
  readonly holdAnswer: (request: EngineRequest, line: RegExp) => Held;
};

/** The engine that the tests use, where it has its usual place. */
const ENGINE = (process.env.DOCKER_HOST ?? '').replace(/^unix:\/\//, '') || '/var/run/docker.sock';

type Hold = { readonly matches: Matches; readonly arrive: (what: string) => Promise<void> };
type AnswerHold = { readonly request: EngineRequest; readonly line: RegExp; readonly hold: Hold };

/** Passes all on to the engine and back, byte by byte, but for what is held. */
export async function heldEngine(): Promise<HeldEngine> {
  const directory = await temporaryDirectory();
  const socketPath = join(directory.path, 'engine.sock');
  const asked: EngineRequest[] = [];
  const holds = new Set<Hold>();
  const answerHolds: AnswerHold[] = [];
  const releases: (() => void)[] = [];
  const pass = async (name: EngineRequest) => {
    asked.push(name);
    // what the command wrote before it made the request is in its pipe by now: two turns read it
    await turn();
    await turn();
    for (const hold of holds) {
      if (!holds.has(hold) || !(await hold.matches(name))) continue;
      holds.delete(hold);
      await hold.arrive(name);
    }
  };
  const server = proxyTo(ENGINE, {
    pass,
    heldOf: (name) => answerHolds.find(({ request }) => request === name),
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => undefined));
  });
  server.listen(socketPath);
  await once(server, 'listening');
  const made = (matches: Matches) => {
    const { held, hold } = newHold(matches);
    releases.push(held.release);
    return { held, hold };
  };
  return {
    host: `unix://${socketPath}`,
    asked,
    hold(matches) {
      const { held, hold } = made(matches);
      holds.add(hold);
      return held;
    },
    holdAnswer(request, line) {
      const { held, hold } = made(() => true);
      answerHolds.push({ request, line, hold });
      return held;
    },
    async [Symbol.asyncDispose]() {
      for (const release of releases) release();
      for (const socket of sockets) socket.destroy();
      server.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

function newHold(matches: Matches): { readonly held: Held; readonly hold: Hold } {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let reach = (_: string): void => undefined;
  const reached = new Promise<string>((resolve) => {
    reach = resolve;
  });
  const arrive = async (what: string) => {
    reach(what);
    await released;
  };
  return { held: { reached, release }, hold: { matches, arrive } };
}

function nameOf({ method, url = '' }: IncomingMessage): EngineRequest {
  return `${method} ${url.replace(/\?.*/, '').replace(/^\/v[\d.]+/, '')}`;
}

type Passing = {
  readonly pass: (name: EngineRequest) => Promise<void>;
  readonly heldOf: (name: EngineRequest) => AnswerHold | undefined;
};

function proxyTo(engine: string, { pass, heldOf }: Passing): Server {
  const server = createServer(async (request, response) => {
    const name = nameOf(request);
    const { method, url: path, headers } = request;
    await pass(name);
    if (response.destroyed) return;
    const far = forward({ socketPath: engine, method, path, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      const held = heldOf(name);
      const lines = held === undefined ? answer : Readable.from(heldLines(answer, held));
      answer.on('error', () => response.destroy());
      lines.on('error', () => response.destroy()).pipe(response);
    });
    far.on('error', () => response.destroy());
    response.on('close', () => far.destroy());
    request.on('error', () => far.destroy()).pipe(far);
  });
  server.on('upgrade', async (request, near: Socket, head) => {
    await pass(nameOf(request));
    if (near.destroyed) return;
    // a body, where there is one, is part of the stream for this parser: all of it goes on as it came
    const far = connect(engine);
    far.write(headOf(request));
    far.write(head);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one
        .on('error', () => other.destroy())
        .on('close', () => other.destroySoon())
        .pipe(other);
  });
  for (const limit of ['requestTimeout', 'headersTimeout', 'timeout'] as const) server[limit] = 0;
  return server;
}

/** The lines of an answer, each as it comes; what matches waits. */
async function* heldLines(answer: IncomingMessage, { line, hold }: AnswerHold): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      if (line.test(part)) await hold.arrive(part);
      yield `${part}\n`;
    }
  }
  if (rest !== '') yield rest;
}

function headOf({ httpVersion, method, url, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
