import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { connect as connectTls } from 'node:tls';
import { LIMITS } from '../shared/limits.ts';
import {
  type Answer,
  AnswerTooLong,
  type HttpProbe,
  noAnswer,
  type ProbeContext,
  type ProbeKind,
} from './probe.ts';

/** After so many redirections the last one is the answer. */
const MAX_REDIRECTS = 5;

/** As curl shows it: what came of a body counts, also where the connection was cut before its announced end. */
export const httpProbe: ProbeKind<HttpProbe> = {
  describe: ({ method, path, port }) => `${method} ${path} on port ${port}`,
  async ask(probe, context) {
    try {
      return await answerOf(probe, context);
    } catch (error) {
      return noAnswer(error, context.signal);
    }
  },
};

async function answerOf(probe: HttpProbe, context: ProbeContext): Promise<Answer> {
  const heads: string[] = [];
  let current = probe;
  for (let redirects = 0; ; redirects += 1) {
    const response = await request(current, context);
    heads.push(headOf(response));
    const next = probe.follows && redirects < MAX_REDIRECTS ? redirected(current, response) : undefined;
    if (next === undefined) {
      const text = await bodyOf(response);
      const type = response.headers['content-type'];
      const code = `${response.statusCode} ${response.statusMessage ?? ''}`.trim();
      const status = type === undefined ? code : `${code} (${type})`;
      return { status, text, fault: null, ...(probe.showsHead ? { head: heads.join('\n\n') } : {}) };
    }
    response.destroy();
    current = next;
  }
}

/** What a redirection asks for, RFC 9110 section 15.4; undefined where there is none, or it leads to another host. */
function redirected(probe: HttpProbe, { statusCode = 0, headers }: IncomingMessage): HttpProbe | undefined {
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return undefined;
  const here = new URL(`${probe.tls ? 'https' : 'http'}://${hostOf(probe)}`);
  const base = new URL(probe.path, here);
  if (!URL.canParse(headers.location, base.href)) return undefined;
  const there = new URL(headers.location, base);
  const isLocal = ['localhost', '127.0.0.1', here.hostname].includes(there.hostname);
  if (!isLocal || !/^https?:$/.test(there.protocol)) return undefined;
  const tls = there.protocol === 'https:';
  const keeps = statusCode >= 307 || probe.method === 'HEAD';
  return {
    ...probe,
    tls,
    // a server that is known by another name says no port where it has the usual one
    port:
      there.origin === here.origin ? probe.port : there.port === '' ? (tls ? 443 : 80) : Number(there.port),
    path: `${there.pathname}${there.search}`,
    ...(keeps ? {} : { method: 'GET', body: null }),
  };
}

function hostOf({ headers, port }: HttpProbe): string {
  return headers.host ?? `localhost:${port}`;
}

async function request(probe: HttpProbe, context: ProbeContext): Promise<IncomingMessage> {
  const tunnel = await context.connect(probe.port);
  const socket = probe.tls ? connectTls({ socket: tunnel, rejectUnauthorized: false }) : tunnel;
  return await new Promise((resolve, reject) => {
    const sent = (probe.tls ? https : http).request({
      method: probe.method,
      path: probe.path,
      headers: { host: hostOf(probe), 'user-agent': 'curl/8', accept: '*/*', ...probe.headers },
      signal: context.signal,
      // as lenient as curl, which takes header lines that end in LF alone
      insecureHTTPParser: true,
      createConnection: () => socket,
    });
    sent.once('response', resolve);
    sent.once('error', reject);
    sent.end(probe.body ?? undefined);
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      // leaving the loop destroys the connection
      if (bytes > LIMITS.answerBytes) throw new AnswerTooLong();
    }
  } catch (error) {
    if (chunks.length === 0 || error instanceof AnswerTooLong) throw error;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headOf(response: IncomingMessage): string {
  const lines = [`HTTP/${response.httpVersion} ${response.statusCode} ${response.statusMessage}`];
  for (let at = 0; at < response.rawHeaders.length; at += 2) {
    lines.push(`${response.rawHeaders[at]}: ${response.rawHeaders[at + 1]}`);
  }
  return lines.join('\n');
}
