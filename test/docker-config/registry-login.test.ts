import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readRegistryLogin } from '../../src/docker-config/registry-login.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const HUB = 'https://index.docker.io/v1/';

let directory: TemporaryDirectory;

beforeEach(async () => {
  directory = await temporaryDirectory();
  await mkdir(join(directory.path, 'bin'));
  vi.stubEnv('DOCKER_CONFIG', directory.path);
  vi.stubEnv('PATH', `${join(directory.path, 'bin')}:${process.env.PATH}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await directory[Symbol.asyncDispose]();
});

async function config(content: object | string): Promise<void> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await writeFile(join(directory.path, 'config.json'), text);
}

/** A helper program that records its request, and continues with a shell script. */
async function helper(name: string, script: string): Promise<() => Promise<string>> {
  const asked = join(directory.path, `${name}.asked`);
  const file = join(directory.path, 'bin', `docker-credential-${name}`);
  await writeFile(file, `#!/bin/sh\nprintf '%s ' "$@" > ${asked}\ncat >> ${asked}\n${script}\n`);
  await chmod(file, 0o755);
  return () => readFile(asked, 'utf8');
}

const auth = (login: string) => ({ auth: Buffer.from(login).toString('base64') });

describe('logins in config.json', () => {
  test('without the file there is none', async () => {
    expect(await readRegistryLogin('ghcr.io')).toBeNull();
  });

  test('a password may have colons', async () => {
    await config({ auths: { 'ghcr.io': auth('me:a:b') } });
    expect(await readRegistryLogin('ghcr.io')).toEqual({ username: 'me', secret: 'a:b' });
    expect(await readRegistryLogin('quay.io')).toBeNull();
  });

  test('an identity token goes before a password', async () => {
    await config({ auths: { 'ghcr.io': { ...auth('me:pw'), identitytoken: 'T' } } });
    expect(await readRegistryLogin('ghcr.io')).toEqual({ username: '', secret: 'T' });
  });

  test.each(['registry-1.docker.io', 'docker.io'])('%s is Docker Hub', async (host) => {
    await config({ auths: { [HUB]: auth('hub:pw') } });
    expect(await readRegistryLogin(host)).toEqual({ username: 'hub', secret: 'pw' });
  });

  test('a key with scheme and path means its host, and the exact one goes first', async () => {
    await config({ auths: { 'https://r.example:5000/v1/': auth('old:pw'), 'ghcr.io': auth('me:pw') } });
    expect(await readRegistryLogin('r.example:5000')).toEqual({ username: 'old', secret: 'pw' });
    await config({ auths: { 'https://ghcr.io': auth('old:pw'), 'ghcr.io': auth('me:pw') } });
    expect(await readRegistryLogin('ghcr.io')).toEqual({ username: 'me', secret: 'pw' });
  });

  test.each([
    ['an empty entry', { auths: { 'ghcr.io': {} } }],
    ['a name without a password', { auths: { 'ghcr.io': auth('me') } }],
    ['values of other types', { auths: { 'ghcr.io': { auth: 5 } }, credsStore: 7, credHelpers: 'x' }],
    ['a list', []],
  ])('%s is no login', async (_, content) => {
    await config(content);
    expect(await readRegistryLogin('ghcr.io')).toBeNull();
  });

  test('a broken file is named and not quoted', async () => {
    await config('{"auths": {"ghcr.io": {"auth": "c2VjcmV0" oops');
    await expect(readRegistryLogin('ghcr.io')).rejects.toThrow(
      new Error(`cannot read ${directory.path}/config.json: it is not JSON`),
    );
  });
});

describe('logins from helper programs', () => {
  test("a registry's own helper goes before that of all, and is asked by the registry's name", async () => {
    await config({ credsStore: 'all', credHelpers: { 'ghcr.io': 'own' }, auths: { 'ghcr.io': auth('a:b') } });
    const asked = await helper('own', `echo '{"ServerURL":"ghcr.io","Username":"me","Secret":"pw"}'`);
    expect(await readRegistryLogin('ghcr.io')).toEqual({ username: 'me', secret: 'pw' });
    expect(await asked()).toBe('get ghcr.io');
  });

  test('the helper of all is asked for Docker Hub by its key', async () => {
    await config({ credsStore: 'all', credHelpers: { 'ghcr.io': 'own' } });
    const asked = await helper('all', `echo '{"Username":"<token>","Secret":"T"}'`);
    expect(await readRegistryLogin('registry-1.docker.io')).toEqual({ username: '', secret: 'T' });
    expect(await asked()).toBe(`get ${HUB}`);
  });

  test('a helper that knows none says so with exit 1', async () => {
    await config({ credsStore: 'all' });
    await helper('all', 'echo credentials not found in native keychain; exit 1');
    expect(await readRegistryLogin('ghcr.io')).toBeNull();
  });

  test('one that is not there, refuses, talks nonsense or hangs is an error that says which', async () => {
    await config({ credsStore: 'all' });
    const because = (why: string) => `cannot ask docker-credential-all for the login at ghcr.io: ${why}`;
    const asking = (helperTimeoutMs = 60_000) => readRegistryLogin('ghcr.io', { helperTimeoutMs });
    await expect(asking()).rejects.toThrow(because('it is not on PATH'));
    await helper('all', 'echo the keychain is locked; exit 1');
    await expect(asking()).rejects.toThrow(because('the keychain is locked'));
    await helper('all', 'exit 3');
    await expect(asking()).rejects.toThrow(because('it ended with 3'));
    await helper('all', 'echo s3cret');
    await expect(asking()).rejects.toThrow(new Error(because('its answer is not JSON')));
    await helper('all', 'exec sleep 300');
    await expect(asking(300)).rejects.toThrow(because('it took longer than 0.3 s'));
  });

  test('one that reads nothing does no harm, and a name with a space or a quote runs no shell', async () => {
    await config({ credsStore: `x'; touch ${directory.path}/owned; '` });
    await expect(readRegistryLogin('ghcr.io')).rejects.toThrow('a name of a program has no slash');
    await expect(readFile(join(directory.path, 'owned'))).rejects.toThrow('ENOENT');
    await config({ credsStore: 'deaf' });
    const file = join(directory.path, 'bin/docker-credential-deaf');
    await writeFile(file, `#!/bin/sh\nexec <&-\necho '{"Username":"u","Secret":"s"}'\n`);
    await chmod(file, 0o755);
    expect(await readRegistryLogin('x'.repeat(1e6))).toEqual({ username: 'u', secret: 's' });
  });

  test('an abort ends a helper at once', async () => {
    await config({ credsStore: 'all' });
    const begun = join(directory.path, 'begun');
    await helper('all', `: > ${begun}; exec sleep 300`);
    const stop = new AbortController();
    const asking = readRegistryLogin('ghcr.io', { signal: stop.signal });
    const rejected = expect(asking).rejects.toBe('enough');
    await vi.waitFor(() => readFile(begun), { timeout: 60_000 });
    stop.abort('enough');
    await rejected;
  });
});
