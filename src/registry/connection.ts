import { setTimeout as sleep } from 'node:timers/promises';
import type { RegistryLogin } from '../docker-config/registry-login.ts';
import { authorize } from './authorize.ts';
import { readChallenges } from './challenge.ts';
import type { Endpoint } from './endpoint.ts';
import type { Repository } from './image-reference.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';
import { exhaustedMs, nextStep, type Patience } from './wait.ts';

/** A question about a repository. */
export type RegistryQuestion = {
  readonly method: 'GET' | 'HEAD';
  /** With its query, below `/v2/` and the repository, `tags/list?n=100`; or from the host on, `/v2/a/tags/list`. */
  readonly path: string;
  readonly accept?: string;
};

/** An answer, and the URL that was asked. */
export type Reply = HttpAnswer & {
  readonly url: URL;
  /** Whether a login was shown; a registry that refuses one does not want another. */
  readonly loggedIn: boolean;
  /** For how long the registry wants to be left alone, longer than anyone waits; null where it does not say. */
  readonly wantedMs: number | null;
};

/** One way to one repository, with whatever is remembered of it: its token, its limits. */
export type Connection = {
  /** @throws Error where there is no answer. */
  readonly ask: (question: RegistryQuestion) => Promise<Reply>;
};

export type ConnectionTools = {
  readonly transport: Transport;
  readonly patience: Patience;
  readonly login: () => Promise<RegistryLogin | null>;
  readonly signal: AbortSignal;
};

/** Connects a repository by an endpoint; nothing is sent before it is asked. */
export function connectRepository(
  endpoint: Endpoint,
  repository: Repository,
  { transport, patience, login, signal }: ConnectionTools,
): Connection {
  let authorization: string | null = null;
  let loggedIn = false;
  let notBefore = 0;

  const sendPatiently = async (request: Pick<HttpRequest, 'url' | 'method' | 'headers' | 'body'>) => {
    for (let attempts = 1; ; attempts += 1) {
      await sleep(Math.max(0, notBefore - Date.now()), undefined, { signal });
      const sent = await send(transport, { ...request, trusted: endpoint.trusted, signal });
      const answer = 'error' in sent ? NO_ANSWER : sent;
      const pause = Math.min(exhaustedMs(answer.headers) ?? 0, patience.maxWaitMs);
      notBefore = Date.now() + pause;
      const next = nextStep(answer, { attempts, now: Date.now() }, patience);
      if (next.kind === 'wait' && !('error' in sent && isFinal(sent.error))) {
        notBefore = Date.now() + next.ms;
        continue;
      }
      if ('error' in sent) throw sent.error;
      return { ...sent, wantedMs: next.kind === 'give-up' ? next.wantedMs : null };
    }
  };

  const answerChallenge = async (answer: HttpAnswer): Promise<boolean> => {
    const challenges = readChallenges(answer.headers.get('www-authenticate') ?? '');
    const known = endpoint.isMirror ? null : await login();
    loggedIn = known !== null;
    const registry = new URL(endpoint.url);
    const found = await authorize(challenges, { repository, registry, login: known, send: sendPatiently });
    authorization = found.kind === 'granted' ? found.header : null;
    return found.kind === 'granted';
  };

  return {
    async ask({ method, path, accept }) {
      const base = path.startsWith('/')
        ? new URL(endpoint.url).origin
        : `${endpoint.url}/v2/${repository.path}/`;
      const url = new URL(`${base}${path}`);
      const sendOnce = () =>
        sendPatiently({
          url,
          method,
          headers: {
            ...(accept === undefined ? {} : { accept }),
            ...(authorization === null ? {} : { authorization }),
          },
        });
      let answer = await sendOnce();
      // also where a token has been shown: it may have run out
      if (answer.status === 401 && (await answerChallenge(answer))) answer = await sendOnce();
      return { ...answer, url, loggedIn };
    },
  };
}

const NO_ANSWER = { status: 0, headers: new Headers() };

async function send(
  transport: Transport,
  request: HttpRequest,
): Promise<HttpAnswer | { readonly error: unknown }> {
  try {
    return await transport.send(request);
  } catch (error) {
    request.signal.throwIfAborted();
    return { error };
  }
}

/** Failures that a retry does not fix: no server listens, the host does not exist, or its TLS is not trusted. */
const FINAL =
  /^(ECONNREFUSED|ENOTFOUND|EPROTO|ERR_TLS_.*|ERR_SSL_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/;

function isFinal(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string' && FINAL.test(code)) return true;
  return cause !== undefined && cause !== null && isFinal(cause);
}
