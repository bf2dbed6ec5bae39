import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { endpointsOf } from '../../src/registry/endpoint.ts';
import { type ImageReference, parseImageReference } from '../../src/registry/image-reference.ts';
import { digestOf } from '../../src/registry/manifest.ts';
import { openRegistry, type Registry, type RegistryOptions } from '../../src/registry/registry.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { type FakeRegistry, fakeRegistry, type Reply } from './fake-registry.ts';

const NO_PROXIES = { http: '', https: '', no: '' };
const QUICK = { attempts: 3, maxWaitMs: 40, firstWaitMs: 1 };
const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

let directory: TemporaryDirectory;

beforeEach(async () => {
  directory = await temporaryDirectory();
  vi.stubEnv('DOCKER_CONFIG', directory.path);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await directory[Symbol.asyncDispose]();
});

function open(options: Partial<RegistryOptions> = {}): Registry {
  return openRegistry({
    settings: { mirrors: [], insecure: [] },
    proxies: NO_PROXIES,
    signal: AbortSignal.timeout(60_000),
    patience: QUICK,
    ...options,
  });
}

const imageAt = ({ host }: FakeRegistry, name = 'app:1'): ImageReference =>
  parseImageReference(`${host}/${name}`);

async function logIn({ host }: FakeRegistry, login: object): Promise<void> {
  await writeFile(join(directory.path, 'config.json'), JSON.stringify({ auths: { [host]: login } }));
}

describe('the ways to a registry', () => {
  const settings = { mirrors: ['https://m.example/'], insecure: ['plain.example:80', '10.0.0.0/8'] };
  test.each([
    ['redis', ['https://m.example', 'https://registry-1.docker.io']],
    ['ghcr.io/a/b', ['https://ghcr.io']],
    ['localhost:5000/a', ['https://localhost:5000', 'http://localhost:5000']],
    ['[::1]:5000/a', ['https://[::1]:5000', 'http://[::1]:5000']],
    ['plain.example:80/a', ['https://plain.example:80', 'http://plain.example:80']],
    ['10.1.2.3/a', ['https://10.1.2.3', 'http://10.1.2.3']],
    ['11.1.2.3/a', ['https://11.1.2.3']],
  ])('of %s', (name, urls) => {
    const ways = endpointsOf(parseImageReference(name).repository, settings);
    expect(ways.map(({ url }) => url)).toEqual(urls);
  });
});

describe('tags', () => {
  test('are read page by page', async () => {
    await using server = await fakeRegistry(({ path }): Reply | undefined => {
      if (path === '/v2/app/tags/list?n=1000') {
        return { headers: { link: '</v2/app/tags/list?last=b>; rel="next"' }, body: { tags: ['a', 'b'] } };
      }
      return path === '/v2/app/tags/list?last=b'
        ? { body: { tags: ['c', '1\nRUN id', '1 AS x', '\u202e1'] } }
        : undefined;
    });
    await using registry = open();
    const { repository } = imageAt(server);
    expect(await registry.tags(repository)).toEqual(['a', 'b', 'c']);
    expect(await registry.tags(repository)).toEqual(['a', 'b', 'c']);
    expect(server.asked).toHaveLength(2);
  });

  const linked = (page: number) => ({ link: `</v2/app/tags/list?last=${page}>; rel="next"` });

  test.each<[string, (page: number) => Reply, number, string]>([
    [
      'pages without an end',
      (page) => ({ headers: linked(page), body: { tags: [`${page}`] } }),
      200,
      'there are more than 200 pages',
    ],
    [
      'tags without an end',
      (page) => ({
        headers: linked(page),
        body: { tags: Array.from({ length: 150_000 }, (_, at) => `${page}.${at}`) },
      }),
      2,
      'there are more than 200,000',
    ],
  ])('%s end the list at their limit', async (_, reply, requests, why) => {
    let page = 0;
    await using server = await fakeRegistry(() => {
      page += 1;
      return reply(page);
    });
    await using registry = open();
    await expect(registry.tags(imageAt(server).repository)).rejects.toMatchObject({
      code: 'limit-exceeded',
      message: expect.stringContaining(why),
    });
    expect(page).toBe(requests);
  });

  test('may be null, as registries say of an empty repository', async () => {
    await using server = await fakeRegistry(() => ({ body: { name: 'app', tags: null } }));
    await using registry = open();
    expect(await registry.tags(imageAt(server).repository)).toEqual([]);
  });
});

describe('a digest', () => {
  test('is had by HEAD, with every form of a manifest accepted', async () => {
    const digest = digestOf(Buffer.from('x'));
    await using server = await fakeRegistry(() => ({
      headers: { 'docker-content-digest': digest, 'content-type': MANIFEST },
    }));
    await using registry = open();
    expect(await registry.resolve(imageAt(server))).toEqual({ digest, platform: digest });
    const requests = server.asked;
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['HEAD /v2/app/manifests/1']);
    for (const type of [INDEX, MANIFEST, 'manifest.list.v2+json', 'manifest.v2+json']) {
      expect(requests[0]?.accept).toContain(type);
    }
  });

  test('of an index is its own and that for linux/amd64', async () => {
    const [arm, amd] = [digestOf(Buffer.from('arm')), digestOf(Buffer.from('amd'))];
    const body = JSON.stringify({
      manifests: [
        { digest: arm, platform: { os: 'linux', architecture: 'arm64' } },
        { digest: amd, platform: { os: 'linux', architecture: 'amd64' } },
      ],
    });
    const digest = digestOf(Buffer.from(body));
    await using server = await fakeRegistry(() => ({
      headers: { 'docker-content-digest': digest, 'content-type': INDEX },
      body,
    }));
    await using registry = open();
    expect(await registry.resolve(imageAt(server))).toEqual({ digest, platform: amd });
  });

  test('is counted from the bytes where the registry does not say it', async () => {
    await using server = await fakeRegistry(() => ({ headers: { 'content-type': MANIFEST }, body: '{}' }));
    await using registry = open();
    const digest = digestOf(Buffer.from('{}'));
    expect(await registry.resolve(imageAt(server))).toEqual({ digest, platform: digest });
  });

  test('is none where there is no image for linux/amd64', async () => {
    await using server = await fakeRegistry(() => ({
      headers: { 'content-type': INDEX },
      body: {
        manifests: [{ digest: digestOf(Buffer.from('x')), platform: { os: 'linux', architecture: 's390x' } }],
      },
    }));
    await using registry = open();
    await expect(registry.resolve(imageAt(server))).rejects.toMatchObject({ code: 'image-not-found' });
  });
});

describe('a login', () => {
  const tokens = (path: string, host: string, header: string | null, token: string): Reply => {
    const challenge = `Bearer realm="http://${host}/token?a=b",service="s"`;
    if (path.startsWith('/token')) return { body: { token } };
    if (header === `Bearer ${token}`) return { body: { tags: ['1'] } };
    return { status: 401, headers: { 'www-authenticate': challenge } };
  };

  test('without one, a token is asked for with nothing', async () => {
    await using server: FakeRegistry = await fakeRegistry(({ path, authorization }) =>
      tokens(path, server.host, authorization, 'T'),
    );
    await using registry = open();
    expect(await registry.tags(imageAt(server).repository)).toEqual(['1']);
    expect(server.asked.map(({ path, authorization }) => [path, authorization])).toEqual([
      ['/v2/app/tags/list?n=1000', null],
      ['/token?a=b&service=s&scope=repository%3Aapp%3Apull', null],
      ['/v2/app/tags/list?n=1000', 'Bearer T'],
    ]);
  });

  test("with one, Docker's own is shown where tokens are given out, and only there", async () => {
    await using server: FakeRegistry = await fakeRegistry(({ path, authorization }) =>
      tokens(path, server.host, authorization, 'T'),
    );
    await logIn(server, { auth: Buffer.from('me:pw').toString('base64') });
    await using registry = open();
    await registry.tags(imageAt(server).repository);
    const basic = `Basic ${Buffer.from('me:pw').toString('base64')}`;
    expect(server.asked.map(({ authorization }) => authorization)).toEqual([null, basic, 'Bearer T']);
  });

  test('an identity token is exchanged', async () => {
    await using server: FakeRegistry = await fakeRegistry(({ path, authorization }) =>
      tokens(path, server.host, authorization, 'T'),
    );
    await logIn(server, { identitytoken: 'I' });
    await using registry = open();
    await registry.tags(imageAt(server).repository);
    expect(server.asked[1]).toMatchObject({ method: 'POST', path: '/token?a=b', authorization: null });
    expect(Object.fromEntries(new URLSearchParams(server.asked[1]?.body))).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'I',
      scope: 'repository:app:pull',
    });
  });

  test('a token that has run out is had again', async () => {
    let token = 'old';
    await using server: FakeRegistry = await fakeRegistry(({ path, authorization }) =>
      tokens(path, server.host, authorization, token),
    );
    await using registry = open();
    await registry.tags(imageAt(server).repository);
    token = 'new';
    await expect(registry.resolve(imageAt(server))).resolves.toBeDefined();
  });

  test('Basic is answered by it', async () => {
    const basic = `Basic ${Buffer.from('me:pw').toString('base64')}`;
    await using server = await fakeRegistry(({ authorization }) =>
      authorization === basic
        ? { body: { tags: ['1'] } }
        : { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } },
    );
    await using without = open();
    const { repository } = imageAt(server);
    await expect(without.tags(repository)).rejects.toMatchObject({
      code: 'registry-denied',
      hint: `docker login ${server.host}, or correct the name`,
    });
    await logIn(server, { auth: Buffer.from('me:pw').toString('base64') });
    await using registry = open();
    expect(await registry.tags(repository)).toEqual(['1']);
  });

  test('one that is refused is said to be', async () => {
    await using server = await fakeRegistry(() => ({
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="r"' },
    }));
    await logIn(server, { auth: Buffer.from('me:no').toString('base64') });
    await using registry = open();
    await expect(registry.tags(imageAt(server).repository)).rejects.toThrow('it refuses your login (401)');
  });

  test('is never shown to a giver of tokens without TLS where the registry has it', async () => {
    const { authorize } = await import('../../src/registry/authorize.ts');
    const sent: unknown[] = [];
    const asking = {
      repository: { host: 'r.example', path: 'a' },
      registry: new URL('https://r.example'),
      login: { username: 'me', secret: 'pw' },
      send: async (request: unknown) => {
        sent.push(request);
        throw new Error('sent');
      },
    };
    const challenge = { scheme: 'bearer', parameters: { realm: 'http://r.example/token' } };
    await expect(authorize([challenge], asking)).rejects.toThrow('without TLS');
    expect(sent).toEqual([]);
  });
});

describe('a registry that says no', () => {
  const saying = (status: number, headers: Record<string, string> = {}) =>
    fakeRegistry(() => ({ status, headers, body: 'secret text' }));

  test.each([
    [403, 'registry-denied', 'it requires a login, or the repository does not exist (403)'],
    [404, 'image-not-found', 'there is no such tag or digest'],
    [500, 'registry-failed', 'it answers 500'],
    [418, 'registry-failed', 'it answers 418'],
  ])('%i: %s', async (status, code, why) => {
    await using server = await saying(status);
    await using registry = open();
    const message = `cannot look up ${server.host}/app:1 at ${server.host}: ${why}`;
    await expect(registry.resolve(imageAt(server))).rejects.toMatchObject({ code, message });
    expect(server.asked).toHaveLength(status === 500 ? QUICK.attempts : 1);
  });

  test('429 is asked again after the time that it wants', async () => {
    await using server = await fakeRegistry((_, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': '0' } } : { body: { tags: ['1'] } },
    );
    await using registry = open();
    expect(await registry.tags(imageAt(server).repository)).toEqual(['1']);
  });

  test('429 for longer than the limit is reported at once', async () => {
    await using server = await saying(429, { 'retry-after': '3600' });
    await using registry = open();
    await expect(registry.resolve(imageAt(server))).rejects.toMatchObject({
      code: 'rate-limited',
      message: expect.stringContaining('it refuses further requests for 3600 s (429)'),
      hint: `docker login ${server.host}, or try again later`,
    });
    expect(server.asked).toHaveLength(1);
  });

  test('a failure that passes is not seen', async () => {
    await using server = await fakeRegistry((_, count) =>
      count < QUICK.attempts ? { status: 503 } : { body: { tags: ['1'] } },
    );
    await using registry = open();
    expect(await registry.tags(imageAt(server).repository)).toEqual(['1']);
  });

  test('a registry that is not there is named with every way that was tried', async () => {
    const server = await fakeRegistry(() => undefined);
    await server[Symbol.asyncDispose]();
    await using registry = open();
    await expect(registry.tags(imageAt(server).repository)).rejects.toMatchObject({
      code: 'registry-unreachable',
      message: expect.stringMatching(/^cannot reach the registry .*: http:.*ECONNREFUSED/),
      detail: expect.stringMatching(/^https:.*\nhttp:.*$/),
    });
  });

  test('one that never answers is given up', async () => {
    await using server = await fakeRegistry(() => ({}));
    const { createServer } = await import('node:net');
    await using silent = await (await import('../support/local-server.ts')).listening(createServer());
    await using registry = open({ timeoutMs: 100, patience: { ...QUICK, attempts: 1 } });
    const { repository } = parseImageReference(`127.0.0.1:${silent.port}/app`);
    await expect(registry.tags(repository)).rejects.toMatchObject({ code: 'registry-unreachable' });
    expect(server.asked).toEqual([]);
  });

  test('an interruption ends a wait', async () => {
    await using server = await saying(429, { 'retry-after': '50' });
    const stop = new AbortController();
    await using registry = open({
      signal: stop.signal,
      patience: { attempts: 2, maxWaitMs: 60_000, firstWaitMs: 1 },
    });
    const asking = registry.tags(imageAt(server).repository);
    const rejected = expect(asking).rejects.toThrow();
    await vi.waitFor(() => expect(server.asked).toHaveLength(1), { timeout: 60_000 });
    stop.abort(new Error('enough'));
    await rejected;
    expect(server.asked).toHaveLength(1);
  });
});

describe('a mirror', () => {
  test('is asked first, and gets no login', async () => {
    await using mirror = await fakeRegistry(({ authorization }) =>
      authorization === null ? { body: { tags: ['m'] } } : { status: 400 },
    );
    const auths = { 'https://index.docker.io/v1/': { auth: Buffer.from('me:pw').toString('base64') } };
    await writeFile(join(directory.path, 'config.json'), JSON.stringify({ auths }));
    await using registry = open({ settings: { mirrors: [`http://${mirror.host}/`], insecure: [] } });
    expect(await registry.tags(parseImageReference('redis').repository)).toEqual(['m']);
    expect(mirror.asked.map(({ path }) => path)).toEqual(['/v2/library/redis/tags/list?n=1000']);
  });

  test('that lacks an image does not decide', async () => {
    await using first = await fakeRegistry(() => undefined);
    await using second = await fakeRegistry(() => ({ body: { tags: ['s'] } }));
    const mirrors = [`http://${first.host}`, `http://${second.host}`];
    await using registry = open({ settings: { mirrors, insecure: [] } });
    expect(await registry.tags(parseImageReference('redis').repository)).toEqual(['s']);
    expect(first.asked).toHaveLength(1);
  });
});

test('a proxy is spoken through', async () => {
  const { createServer } = await import('node:http');
  const { connect } = await import('node:net');
  await using server = await fakeRegistry(() => ({ body: { tags: ['1'] } }));
  const tunnelled: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    tunnelled.push(request.url ?? '');
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const target = connect(server.port, '127.0.0.1');
    socket
      .on('error', () => target.destroy())
      .pipe(target)
      .pipe(socket);
    target.on('error', () => socket.destroy());
  });
  await using local = await (await import('../support/local-server.ts')).listening(proxy);
  await using registry = open({
    settings: { mirrors: [], insecure: ['r.example'] },
    proxies: { http: `http://127.0.0.1:${local.port}`, https: '', no: '' },
    timeoutMs: 3000,
  });
  expect(await registry.tags(parseImageReference('r.example/app').repository)).toEqual(['1']);
  expect(tunnelled).toEqual(['r.example:80']);
});

describe('the configuration of an image', () => {
  const CONFIG = {
    created: '2024-05-01T10:00:00Z',
    config: {
      Labels: {
        'org.opencontainers.image.source': 'https://github.com/redis/docker',
        'org.opencontainers.image.revision': '0123abc',
      },
    },
  };

  /** A registry whose only image has a configuration. */
  async function serve(config: object) {
    const manifest = JSON.stringify({
      schemaVersion: 2,
      config: { digest: digestOf(Buffer.from('config')) },
    });
    const digest = digestOf(Buffer.from(manifest));
    return await fakeRegistry(({ path }) =>
      path.includes('/blobs/')
        ? { body: config }
        : { headers: { 'content-type': MANIFEST, 'docker-content-digest': digest }, body: manifest },
    );
  }

  test('has its date and its labels, and a registry gets the questions once', async () => {
    await using server = await serve(CONFIG);
    await using registry = open();
    const facts = await registry.describe(imageAt(server));
    expect(facts).toEqual({
      created: new Date('2024-05-01T10:00:00Z'),
      source: 'https://github.com/redis/docker',
      revision: '0123abc',
    });
    const requests = server.asked;
    const before = requests.length;
    await registry.describe(imageAt(server));
    expect(requests.length).toBe(before);
  });

  test.each([
    ['nothing', {}],
    ['the beginning of an era', { created: '1970-01-01T00:00:00Z' }],
    [
      'no address and no revision',
      {
        created: 'yesterday',
        config: {
          Labels: {
            'org.opencontainers.image.source': 'javascript:alert(1)',
            'org.opencontainers.image.revision': 'closes #1',
          },
        },
      },
    ],
  ])('is not known where its labels hold %s', async (_, config) => {
    await using server = await serve(config);
    await using registry = open();
    expect(await registry.describe(imageAt(server))).toEqual({ created: null, source: null, revision: null });
  });
});
