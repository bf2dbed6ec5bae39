import { UserError } from '../shared/failure.ts';

declare const brand: unique symbol;

/** `sha256:` and 64 hexadecimal digits, by which a registry and an engine know a manifest. */
export type Digest = string & { readonly [brand]: 'Digest' };

/** A repository of a registry, its defaults filled in: `docker.io` and `library/redis` for `redis`. */
export type Repository = {
  /** A host with its port where it has one; Docker Hub is `docker.io`. */
  readonly host: string;
  readonly path: string;
};

/** Which image is meant. Where both are given the digest decides, and the tag is for people. */
export type ImageReference = {
  readonly repository: Repository;
  readonly tag: string | null;
  readonly digest: Digest | null;
};

/** By which Docker Hub is known in references. */
export const DOCKER_HUB = 'docker.io';

/** The grammar of github.com/distribution/reference, reference.go and regexp.go. */
const HOST =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;
const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The longest name of a repository, its host included, as every registry takes it. */
const MAX_NAME = 255;

/** Whether a text is a tag, as the distribution specification has them: an answer of a registry may hold anything. */
export function isTag(text: unknown): text is string {
  return typeof text === 'string' && TAG.test(text);
}

/**
 * Reads the name of an image as `docker pull` does: `redis`, `redis:7.2`, `ghcr.io/a/b@sha256:...`,
 * `localhost:5000/app`.
 * @throws UserError `usage` where it is none.
 */
export function parseImageReference(text: string): ImageReference {
  const refuse = (why: string) => new UserError('usage', `cannot read the image name ${text}: ${why}`);
  const [named = '', digest, ...more] = text.split('@');
  if (more.length > 0) throw refuse('it has more than one digest');
  if (digest !== undefined && !DIGEST.test(digest)) {
    throw refuse('its digest is not sha256: and 64 hexadecimal digits');
  }
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const [name, tag] = colon < 0 ? [named, null] : [named.slice(0, colon), named.slice(colon + 1)];
  if (tag !== null && !TAG.test(tag)) throw refuse('its tag is malformed');
  const repository = repositoryOf(name);
  if (!HOST.test(repository.host)) throw refuse('its host is malformed');
  if (!PATH.test(repository.path)) {
    throw refuse(/[A-Z]/.test(repository.path) ? 'its name must be lower-case' : 'its name is malformed');
  }
  if (repository.host.length + repository.path.length >= MAX_NAME) throw refuse('it is too long');
  return { repository, tag, digest: (digest ?? null) as Digest | null };
}

/** The first part is a host where it looks like one: with a dot, a port or a capital, or `localhost`. */
function repositoryOf(name: string): Repository {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  const isHost = /[.:A-Z]/.test(first) || first === 'localhost';
  const host = isHost ? first : DOCKER_HUB;
  const path = isHost ? name.slice(slash + 1) : name;
  if (host !== DOCKER_HUB && host !== `index.${DOCKER_HUB}`) return { host, path };
  return { host: DOCKER_HUB, path: path.includes('/') ? path : `library/${path}` };
}

/** Whether a text is a digest. */
export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/** A repository as people write it: `redis`, `bitnami/redis`, `ghcr.io/a/b`. */
export function showRepository({ host, path }: Repository): string {
  const short = path.replace(/^library\/(?=[^/]+$)/, '');
  const isShort = host === DOCKER_HUB && repositoryOf(short).path === path;
  return isShort ? short : `${host}/${path}`;
}

/** A reference as people write it; what it leaves out stays out. */
export function showReference({ repository, tag, digest }: ImageReference): string {
  const named = showRepository(repository);
  return `${named}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
}

/** What a registry is asked for: the digest where one is given, else the tag, which is `latest` by default. */
export function manifestOf({ tag, digest }: ImageReference): string {
  return digest ?? tag ?? 'latest';
}
