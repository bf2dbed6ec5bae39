import { type RegistryLogin, readRegistryLogin } from '../docker-config/registry-login.ts';
import type { RegistrySettings } from '../docker-config/registry-settings.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { asMap, parseOrNull } from '../shared/json-value.ts';
import { assertWithin, LIMITS } from '../shared/limits.ts';
import { type Connection, connectRepository, type RegistryQuestion, type Reply } from './connection.ts';
import { type Endpoint, endpointsOf } from './endpoint.ts';
import { configOf, factsOf, type ImageFacts } from './image-facts.ts';
import {
  type Digest,
  type ImageReference,
  isDigest,
  isTag,
  manifestOf,
  type Repository,
  showReference,
} from './image-reference.ts';
import { ACCEPTED, digestOf, platformManifest } from './manifest.ts';
import { nextPage } from './next-page.ts';
import type { ProxySettings } from './proxy.ts';
import { type RegistrySubject, refusal, unreachable } from './registry-error.ts';
import { openTransport } from './transport.ts';
import { PATIENCE, type Patience } from './wait.ts';

/** What a reference stands for at this moment. */
export type ResolvedImage = {
  /** Of what the tag names: an index, or the one manifest. This is what an engine keeps. */
  readonly digest: Digest;
  /** Of the manifest for linux/amd64. It stays the same where only other platforms have changed. */
  readonly platform: Digest;
};

/** Registries, asked over the OCI distribution API. Each answer is remembered. */
export interface Registry extends AsyncDisposable {
  /**
   * Every tag of a repository, as the registry orders them.
   * @throws UserError with a `RegistryCode`, `limit-exceeded` for more tags than any repository has.
   */
  tags(repository: Repository): Promise<readonly string[]>;
  /** @throws UserError with a `RegistryCode`: `image-not-found` also where there is none for linux/amd64. */
  resolve(reference: ImageReference): Promise<ResolvedImage>;
  /** What the configuration of the image for linux/amd64 says. @throws UserError as `resolve` does. */
  describe(reference: ImageReference): Promise<ImageFacts>;
}

export type RegistryOptions = {
  readonly settings: RegistrySettings;
  readonly proxies: ProxySettings;
  readonly signal: AbortSignal;
  readonly patience?: Patience;
  /** How long one answer may take. Default 30,000. */
  readonly timeoutMs?: number;
};

const PAGE_SIZE = 1000;

export function openRegistry(options: RegistryOptions): Registry {
  const { settings, proxies, signal, patience = PATIENCE, timeoutMs = 30_000 } = options;
  const transport = openTransport(proxies, { timeoutMs });
  const logins = new Map<string, Promise<RegistryLogin | null>>();
  const connections = new Map<string, { endpoint: Endpoint; connection: Connection }[]>();
  // who has not answered, or answers no more, is not asked again for every entry of a catalog
  const silences = new Map<string, (subject: RegistrySubject) => UserError>();
  const known = {
    tags: new Map<string, Promise<string[]>>(),
    images: new Map<string, Promise<ResolvedImage>>(),
    facts: new Map<string, Promise<ImageFacts>>(),
  };

  const connectionsOf = (repository: Repository) =>
    remember(connections, `${repository.host}/${repository.path}`, () => {
      const login = () =>
        remember(logins, repository.host, () => readRegistryLogin(repository.host, { signal }));
      return endpointsOf(repository, settings).map((endpoint) => ({
        endpoint,
        connection: connectRepository(endpoint, repository, { transport, patience, login, signal }),
      }));
    });

  const ask = async (subject: RegistrySubject, question: RegistryQuestion): Promise<Reply> => {
    const { host } = subject.repository;
    const silent = silences.get(host);
    if (silent !== undefined) throw silent(subject);
    const ways = connectionsOf(subject.repository);
    const reasons: { url: string; error: unknown }[] = [];
    for (const way of ways) {
      const { endpoint, connection } = way;
      try {
        const reply = await connection.ask(question);
        if (endpoint.isMirror && reply.status !== 200) throw refusal(subject, reply);
        // the next question goes this way first
        ways.splice(0, ways.length, way, ...ways.filter((other) => other !== way));
        if (reply.status === 429) silences.set(host, (other) => refusal(other, reply));
        if (reply.status !== 200) throw new Refused(refusal(subject, reply));
        return reply;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Refused) throw error.reason;
        reasons.push({ url: endpoint.url, error });
      }
    }
    silences.set(host, (other) => unreachable(other, reasons));
    throw unreachable(subject, reasons);
  };

  const resolve = (reference: ImageReference) =>
    remember(known.images, showReference(reference), () => resolveImage(reference, ask));

  return {
    tags: (repository) =>
      remember(known.tags, `${repository.host}/${repository.path}`, () => readTags(repository, ask)),
    resolve,
    describe: (reference) =>
      remember(known.facts, showReference(reference), async () =>
        describeImage(reference, (await resolve(reference)).platform, ask),
      ),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

/** A registry's own no, which no other way to it would change. */
class Refused extends Error {
  readonly reason: UserError;

  constructor(reason: UserError) {
    super(reason.message);
    this.reason = reason;
  }
}

type Ask = (subject: RegistrySubject, question: RegistryQuestion) => Promise<Reply>;

async function readTags(repository: Repository, ask: Ask): Promise<string[]> {
  const found = new Set<string>();
  const name = `${repository.host}/${repository.path}`;
  let path: string | null = `tags/list?n=${PAGE_SIZE}`;
  for (let pages = 1; path !== null; pages += 1) {
    assertWithin(pages, LIMITS.registryPages, `cannot list the tags of ${name}: there are more than % pages`);
    const reply = await ask({ repository, manifest: null }, { method: 'GET', path });
    const { tags } = asMap(parseOrNull(reply.body.toString('utf8')));
    for (const tag of Array.isArray(tags) ? tags : [])
      if (typeof tag === 'string' && isTag(tag)) found.add(tag);
    assertWithin(found.size, LIMITS.registryTags, `cannot list the tags of ${name}: there are more than %`);
    path = pageAfter(reply, name);
  }
  return [...found];
}

/** @throws UserError `registry-failed` where a registry leads elsewhere: it gets neither a login nor a question. */
function pageAfter({ headers, url }: Reply, name: string): string | null {
  try {
    return nextPage(headers.get('link'), url);
  } catch (error) {
    const message = `cannot list the tags of ${name}: ${messageOf(error)}`;
    throw new UserError('registry-failed', message, { cause: error });
  }
}

async function resolveImage(reference: ImageReference, ask: Ask): Promise<ResolvedImage> {
  const { repository } = reference;
  const manifest = manifestOf(reference);
  const subject = { repository, manifest };
  const question = { path: `manifests/${manifest}`, accept: ACCEPTED };
  const head = await ask(subject, { ...question, method: 'HEAD' });
  const named = head.headers.get('docker-content-digest') ?? '';
  const isIndex = /index|list/.test(head.headers.get('content-type') ?? '');
  if (isDigest(named) && !isIndex) return { digest: named, platform: named };
  const { body } = await ask(subject, { ...question, method: 'GET' });
  const digest = digestOf(body);
  const found = platformManifest(body);
  if (found === null) {
    throw new UserError(
      'image-not-found',
      `cannot use ${showReference(reference)}: it has no image for linux/amd64`,
    );
  }
  return { digest, platform: found === 'self' ? digest : found };
}

async function describeImage(
  { repository }: ImageReference,
  platform: Digest,
  ask: Ask,
): Promise<ImageFacts> {
  const subject = { repository, manifest: platform };
  const manifest = await ask(subject, { method: 'GET', path: `manifests/${platform}`, accept: ACCEPTED });
  const config = configOf(manifest.body);
  if (config === null) return factsOf(manifest.body, Buffer.of());
  const { body } = await ask(subject, { method: 'GET', path: `blobs/${config}` });
  return factsOf(manifest.body, body);
}

/** What a map has, else what is made for it; a failure is not remembered. */
function remember<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  if (made instanceof Promise) made.catch(() => map.delete(key));
  return made;
}
