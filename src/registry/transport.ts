import { Agent, type Dispatcher, fetch, ProxyAgent } from 'undici';
import { timeLimit } from '../shared/time-limit.ts';
import { VERSION } from '../shared/version.ts';
import { type ProxySettings, proxyFor } from './proxy.ts';

/** One HTTP request to a registry or to its token server. */
export type HttpRequest = {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the certificate is looked at. */
  readonly trusted: boolean;
  readonly signal: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: Buffer;
};

/** Sends requests and reads their whole answers; disposing of it closes its connections. */
export type Transport = AsyncDisposable & { readonly send: (request: HttpRequest) => Promise<HttpAnswer> };

/** A list of tags or a manifest is never as long; whatever is, is refused. */
const MAX_BODY_BYTES = 16 * 1024 ** 2;

/**
 * HTTP through the proxies. It follows redirections, and sends a host only the login of that host.
 * `send` throws without an answer within `timeoutMs`, and for an answer longer than any registry gives.
 */
export function openTransport(
  proxies: ProxySettings,
  { timeoutMs }: { readonly timeoutMs: number },
): Transport {
  const dispatchers = new Map<string, Dispatcher>();
  const dispatcherFor = ({ url, trusted }: HttpRequest): Dispatcher => {
    const proxy = proxyFor(url, proxies);
    const key = `${proxy} ${trusted}`;
    const tls = { rejectUnauthorized: trusted };
    const made =
      dispatchers.get(key) ??
      (proxy === null ? new Agent({ connect: tls }) : new ProxyAgent({ uri: proxy, requestTls: tls }));
    dispatchers.set(key, made);
    return made;
  };
  return {
    async send(request) {
      const { url, method, headers, body, signal } = request;
      const answer = await fetch(url, {
        method,
        headers: { 'user-agent': `kraft-slim/${VERSION}`, ...headers },
        dispatcher: dispatcherFor(request),
        signal: AbortSignal.any([signal, timeLimit(timeoutMs)]),
        ...(body === undefined ? {} : { body }),
      });
      return { status: answer.status, headers: answer.headers, body: await wholeBody(answer.body) };
    },
    async [Symbol.asyncDispose]() {
      // what still runs has been given up
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
    },
  };
}

async function wholeBody(body: AsyncIterable<Uint8Array> | null): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES)
      throw new Error(`the answer is longer than ${MAX_BODY_BYTES / 1024 ** 2} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
