import type { RegistryLogin } from '../docker-config/registry-login.ts';
import { asMap, asText, parseOrNull } from '../shared/json-value.ts';
import type { Challenge } from './challenge.ts';
import type { Repository } from './image-reference.ts';
import type { HttpAnswer, HttpRequest } from './transport.ts';

export type Asking = {
  readonly repository: Repository;
  /** The URL of the registry. If it has TLS, the token server needs TLS too. */
  readonly registry: URL;
  /** null without a login. */
  readonly login: RegistryLogin | null;
  readonly send: (request: Pick<HttpRequest, 'url' | 'method' | 'headers' | 'body'>) => Promise<HttpAnswer>;
};

/** The `Authorization` header, or the status of the token server if it refuses. */
export type Authorization =
  | { readonly kind: 'granted'; readonly header: string }
  | { readonly kind: 'refused'; readonly status: number | null };

/**
 * Answers a registry's challenge for reading one repository: with the login itself, or with a token that is had for
 * it, or for nothing (distribution's spec/auth/token.md and oauth.md).
 */
export async function authorize(challenges: readonly Challenge[], asking: Asking): Promise<Authorization> {
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  if (bearer !== undefined) return await askToken(bearer, asking);
  const { login } = asking;
  const isBasic = challenges.some(({ scheme }) => scheme === 'basic');
  if (!isBasic || login === null || login.username === '') return { kind: 'refused', status: null };
  return { kind: 'granted', header: basic(login) };
}

async function askToken({ parameters }: Challenge, asking: Asking): Promise<Authorization> {
  const { repository, registry, login, send } = asking;
  const url = realmOf(parameters.realm ?? '', registry);
  const wanted = {
    ...(parameters.service === undefined ? {} : { service: parameters.service }),
    scope: parameters.scope ?? `repository:${repository.path}:pull`,
  };
  let answer: HttpAnswer;
  if (login?.username === '') {
    const grant = { grant_type: 'refresh_token', client_id: 'kraft-slim', refresh_token: login.secret };
    const body = new URLSearchParams({ ...grant, ...wanted }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    answer = await send({ url, method: 'POST', headers, body });
  } else {
    for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value);
    answer = await send({
      url,
      method: 'GET',
      headers: login === null ? {} : { authorization: basic(login) },
    });
  }
  const { token, access_token } = asMap(parseOrNull(answer.body.toString('utf8')));
  const given = asText(token) || asText(access_token);
  // a token with a line break would add a header
  if (answer.status !== 200 || !/^[\x21-\x7e]+$/.test(given))
    return { kind: 'refused', status: answer.status };
  return { kind: 'granted', header: `Bearer ${given}` };
}

/** @throws Error where it is no URL, or a login would be sent in clear text that the registry takes in secret. */
function realmOf(realm: string, registry: URL): URL {
  const url = URL.canParse(realm) ? new URL(realm) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`it gives out tokens at ${JSON.stringify(realm)}`);
  if (registry.protocol === 'https:' && url.protocol === 'http:') {
    throw new Error(`it gives out tokens at ${url.origin}, without TLS`);
  }
  return url;
}

function basic({ username, secret }: RegistryLogin): string {
  return `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
}
