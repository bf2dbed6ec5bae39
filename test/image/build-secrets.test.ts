import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { readBuildContext } from '../../src/dockerfile/build-context.ts';
import { readBuildSecrets, withoutSecretFiles } from '../../src/image/build-secrets.ts';
import { UserError } from '../../src/shared/failure.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

afterEach(() => vi.unstubAllEnvs());

test('a secret is the bytes of its file or of its variable, an empty one too', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'token');
  await writeFile(file, Buffer.from([0, 255, 10]));
  vi.stubEnv('TOKEN', 'é');
  vi.stubEnv('NOTHING', '');
  const secrets = await readBuildSecrets([
    { id: 'a', file },
    { id: 'b', env: 'TOKEN' },
    { id: 'c', env: 'NOTHING' },
  ]);
  expect(Object.fromEntries(secrets)).toEqual({
    a: Buffer.from([0, 255, 10]),
    b: Buffer.from('é'),
    c: Buffer.from(''),
  });
});

test('of two with one id the last counts, and the other need not be there', async () => {
  vi.stubEnv('TOKEN', 'x');
  const secrets = await readBuildSecrets([
    { id: 'a', file: '/no/such' },
    { id: 'a', env: 'TOKEN' },
  ]);
  expect([...secrets]).toEqual([['a', Buffer.from('x')]]);
});

test.each([
  [{ file: '/no/such' }, 'cannot read the build secret token: /no/such is not there'],
  [{ env: 'NO_SUCH' }, 'cannot read the build secret token: the environment variable NO_SUCH is not set'],
  [{ file: '/' }, 'cannot read the build secret token: cannot use /: it is a directory, not a regular file'],
  [{ env: 'LONG' }, 'cannot read the build secret token: it has more than 500 KiB'],
])('%j is a mistake of the settings', async (source, message) => {
  vi.stubEnv('LONG', 'x'.repeat(500 * 1024 + 1));
  const error = await readBuildSecrets([{ id: 'token', ...source }]).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code: 'config-invalid', message });
});

test("a secret's file is no part of the build context, by whatever link it is named", async () => {
  await using temporary = await temporaryDirectory();
  const directory = join(temporary.path, 'real');
  await mkdir(join(directory, 'sub'), { recursive: true });
  for (const name of ['Dockerfile', 'token', 'sub/key', 'sub/token'])
    await writeFile(join(directory, name), '');
  await symlink(directory, join(temporary.path, 'link'));
  await symlink('real/sub/key', join(temporary.path, 'key'));
  const { entries } = await readBuildContext({
    directory: join(temporary.path, 'link'),
    dockerfile: join(temporary.path, 'link/Dockerfile'),
  });
  const secrets = [
    { id: 'a', file: join(directory, 'token') },
    { id: 'b', file: join(temporary.path, 'key') },
    { id: 'c', env: 'TOKEN' },
  ];
  const kept = await withoutSecretFiles(entries, { directory: join(temporary.path, 'link'), secrets });
  expect(kept.map(({ path }) => path)).toEqual(['Dockerfile', 'sub', 'sub/token']);
});
