import { runProgram } from '../programs/run-program.ts';
import { messageOf } from '../shared/failure.ts';
import { asMap, asText, parseOrNull } from '../shared/json-value.ts';
import { readDockerConfig } from './docker-config.ts';

/** What to show at a registry; an identity token (a refresh token of OAuth) comes with an empty user name. */
export type RegistryLogin = { readonly username: string; readonly secret: string };

export type RegistryLoginOptions = {
  /** How long a helper program may take; it may ask a person for a password. Default 60,000. */
  readonly helperTimeoutMs?: number;
  readonly signal?: AbortSignal;
};

/** The name by which Docker Hub stands in config.json, and by which helper programs know it. */
const DOCKER_HUB = 'https://index.docker.io/v1/';
const DOCKER_HUB_HOSTS: ReadonlySet<string> = new Set([
  'registry-1.docker.io',
  'index.docker.io',
  'docker.io',
]);

/** The user name of an identity token in the protocol of helper programs (docker/docker-credential-helpers). */
const TOKEN_USER = '<token>';

/**
 * The login that the docker client would use at a registry: from the helper program that `config.json` names for it
 * (`credHelpers`) or for all of them (`credsStore`), else from `auths`. Null where there is none.
 * https://docs.docker.com/reference/cli/docker/login/#credential-stores
 * @throws Error where there may be one that cannot be had. Its message never quotes the file, nor what a helper
 * says while it succeeds: both may hold a password.
 */
export async function readRegistryLogin(
  host: string,
  options: RegistryLoginOptions = {},
): Promise<RegistryLogin | null> {
  const config = await readDockerConfig();
  const server = DOCKER_HUB_HOSTS.has(host) ? DOCKER_HUB : host;
  const helper = asText(asMap(config.credHelpers)[server]) || asText(config.credsStore);
  if (helper !== '') return await askHelper(`docker-credential-${helper}`, server, options);
  const auths = asMap(config.auths);
  const key = server in auths ? server : Object.keys(auths).find((name) => hostOf(name) === hostOf(server));
  return key === undefined ? null : loginOf(asMap(auths[key]));
}

function loginOf(entry: Record<string, unknown>): RegistryLogin | null {
  const token = asText(entry.identitytoken);
  if (token !== '') return { username: '', secret: token };
  const [username = '', ...rest] = Buffer.from(asText(entry.auth), 'base64').toString('utf8').split(':');
  const secret = rest.join(':');
  return username === '' || secret === '' ? null : { username, secret };
}

async function askHelper(
  program: string,
  server: string,
  options: RegistryLoginOptions,
): Promise<RegistryLogin | null> {
  const refuse = (why: string) => new Error(`cannot ask ${program} for the login at ${server}: ${why}`);
  const reply = await runHelper(program, server, options);
  if ('failure' in reply) {
    if (reply.failure.startsWith('credentials not found')) return null;
    throw refuse(reply.failure);
  }
  const answer = parseOrNull(reply.stdout);
  if (answer === null) throw refuse('its answer is not JSON');
  const { Username, Secret } = asMap(answer);
  const secret = asText(Secret);
  if (secret === '') return null;
  return { username: Username === TOKEN_USER ? '' : asText(Username), secret };
}

/** A helper reads the server's name from its standard input; one that fails prints why on its standard output. */
async function runHelper(
  program: string,
  server: string,
  { helperTimeoutMs = 60_000, signal }: RegistryLoginOptions,
): Promise<{ stdout: string } | { failure: string }> {
  const options = { input: server, timeoutMs: helperTimeoutMs, ...(signal === undefined ? {} : { signal }) };
  try {
    return { stdout: await runProgram('docker-credential', [program, 'get'], options) };
  } catch (error) {
    signal?.throwIfAborted();
    const { code, killed, stdout = '' } = error as { code?: unknown; killed?: boolean; stdout?: string };
    if (code === 'ENOENT') return { failure: 'it is not on PATH' };
    if (killed) return { failure: `it took longer than ${helperTimeoutMs / 1000} s` };
    if (typeof code === 'number') return { failure: stdout.trim() || `it ended with ${code}` };
    return { failure: messageOf(error) };
  }
}

/** `https://ghcr.io/v1/` and `ghcr.io` mean the same registry. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}
