import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { connect as connectTls } from 'node:tls';
import { messageOf } from '../shared/failure.ts';
import type { Answer, HttpProbe, ProbeContext, ProbeKind } from './probe.ts';

/** As curl shows it: what came of a body counts, also where the connection was cut before its announced end. */
export const httpProbe: ProbeKind<HttpProbe> = {
  describe: ({ method, path, port }) => `${method} ${path} on port ${port}`,
  async ask(probe, context) {
    try {
      const response = await request(probe, context);
      const body = await bodyOf(response);
      const status = `${response.statusCode} ${response.statusMessage ?? ''}`.trim();
      return { status, text: probe.showsHead ? `${headOf(response)}\n\n${body}` : body, fault: null };
    } catch (error) {
      return { status: null, text: null, fault: faultOf(error, context.signal) };
    }
  },
};

async function request(probe: HttpProbe, context: ProbeContext): Promise<IncomingMessage> {
  const tunnel = await context.connect(probe.port);
  const socket = probe.tls ? connectTls({ socket: tunnel, rejectUnauthorized: false }) : tunnel;
  return await new Promise((resolve, reject) => {
    const sent = (probe.tls ? https : http).request({
      method: probe.method,
      path: probe.path,
      headers: { host: `localhost:${probe.port}`, 'user-agent': 'curl/8', accept: '*/*', ...probe.headers },
      signal: context.signal,
      createConnection: () => socket,
    });
    sent.once('response', resolve);
    sent.once('error', reject);
    sent.end(probe.body ?? undefined);
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    if (chunks.length === 0) throw error;
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

/** Why a connection gave no answer, for people. */
export function faultOf(error: unknown, signal: AbortSignal): Answer['fault'] {
  return signal.aborted ? 'no answer in time' : messageOf(error);
}
