import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type LocalServer, listening } from '../support/local-server.ts';

/** What a registry was asked: method, path and the login that was shown. */
export type AskedRequest = {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly accept: string;
  readonly body: string;
};

/** A server in the place of a registry, for what no registry does on demand. */
export type FakeRegistry = LocalServer & { readonly host: string; readonly asked: AskedRequest[] };

export type Reply = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
};

/** Answers each request as `reply` says; undefined is 404. */
export async function fakeRegistry(
  reply: (request: AskedRequest, count: number) => Reply | undefined,
): Promise<FakeRegistry> {
  const asked: AskedRequest[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await request.toArray()).join('');
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      authorization: request.headers.authorization ?? null,
      accept: request.headers.accept ?? '',
      body,
    };
    asked.push(one);
    const { status = 200, headers = {}, body: said = '' } = reply(one, asked.length) ?? { status: 404 };
    response.writeHead(status, headers);
    response.end(request.method === 'HEAD' ? '' : typeof said === 'string' ? said : JSON.stringify(said));
  });
  const local = await listening(server);
  return { ...local, host: `127.0.0.1:${local.port}`, asked };
}
