import { messageOf, type RegistryCode, UserError } from '../shared/failure.ts';
import type { Reply } from './connection.ts';
import { type Repository, showRepository } from './image-reference.ts';

/** What was asked for, for messages: the repository, and the tag or digest where one was meant. */
export type RegistrySubject = { readonly repository: Repository; readonly manifest: string | null };

/** What an answer that is none of use means. */
export function refusal({ repository, manifest }: RegistrySubject, reply: Reply): UserError {
  const name = showRepository(repository);
  const what = manifest === null ? name : `${name}${manifest.includes(':') ? '@' : ':'}${manifest}`;
  const fail = (code: RegistryCode, why: string, hint?: string) =>
    new UserError(code, `cannot look up ${what} at ${repository.host}: ${why}`, {
      ...(hint === undefined ? {} : { hint }),
    });
  const { status, loggedIn } = reply;
  if (status === 401 || status === 403) {
    if (loggedIn)
      return fail('registry-denied', `it refuses your login (${status})`, `docker login ${repository.host}`);
    const why = `it requires a login, or the repository does not exist (${status})`;
    return fail('registry-denied', why, `docker login ${repository.host}, or correct the name`);
  }
  if (status === 404) {
    const why = manifest === null ? 'there is no such repository' : 'there is no such tag or digest';
    return fail('image-not-found', why, 'correct the FROM of the Dockerfile');
  }
  if (status === 429) {
    const wait = reply.wantedMs === null ? '' : ` for ${Math.ceil(reply.wantedMs / 1000)} s`;
    const hint = loggedIn ? 'try again later' : `docker login ${repository.host}, or try again later`;
    return fail('rate-limited', `it refuses further requests${wait} (429)`, hint);
  }
  return fail('registry-failed', `it answers ${status}`, 'try again later');
}

/** That no endpoint of a registry gave an answer; every reason is kept. */
export function unreachable(
  { repository }: RegistrySubject,
  reasons: readonly { url: string; error: unknown }[],
): UserError {
  const faults = reasons.map(({ url, error }) => `${url}: ${innermost(error)}`);
  return new UserError(
    'registry-unreachable',
    `cannot reach the registry ${repository.host}: ${faults.at(-1)}`,
    {
      hint: 'check that it is up, and that HTTPS_PROXY and NO_PROXY are right',
      ...(faults.length > 1 ? { detail: faults.join('\n') } : {}),
      cause: new AggregateError(reasons.map(({ error }) => error)),
    },
  );
}

/** `fetch failed` says nothing; what caused it does. */
function innermost(error: unknown): string {
  const { cause, errors } = error as { cause?: unknown; errors?: readonly unknown[] };
  if (cause !== undefined && cause !== null) return innermost(cause);
  const [first] = errors ?? [];
  const message = first === undefined ? messageOf(error) : messageOf(first);
  return message.trim().split('\n')[0] ?? '';
}
