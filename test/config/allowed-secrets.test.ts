import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

afterEach(() => vi.unstubAllEnvs());

/** The secrets that an entry gets with one in its settings; the catalog is `catalog` in a directory with more. */
async function load(secret: string, entry = 'library/a') {
  await using directory = await temporaryDirectory();
  const catalogRoot = join(directory.path, 'catalog');
  const entryDirectory = join(catalogRoot, entry);
  await mkdir(entryDirectory, { recursive: true });
  await mkdir(join(catalogRoot, '.git'), { recursive: true });
  for (const name of ['outside', 'catalog/token', 'catalog/.git/config', 'beside']) {
    await writeFile(join(directory.path, name), 'secret');
  }
  await symlink('../../../outside', join(entryDirectory, 'link'));
  await symlink('../../token', join(entryDirectory, 'inside'));
  await writeFile(
    join(entryDirectory, 'kraft-slim.yaml'),
    `build: {secrets: [{id: t, ${secret.replace('DIR', directory.path)}}]}\n`,
  );
  const { build } = await loadConfig({ entryDirectory, catalogRoot, untrusted: false });
  return build.secrets.map(({ id }) => id);
}

describe('a file for a build secret', () => {
  test.each(['file: ../../token', 'file: inside', 'file: not-there', 'file: DIR/catalog/token'])(
    'may be in the catalog: %s',
    async (secret) => {
      expect(await load(secret)).toEqual(['t']);
    },
  );

  test.each([
    'file: /etc/passwd',
    'file: ../../../outside',
    'file: link',
    'file: ../../.git/config',
    'file: ../../../not-there',
    'file: DIR/catalog/../beside',
  ])('may not be elsewhere: %s', async (secret) => {
    await expect(load(secret)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringMatching(/^cannot give the build the secret t: .* is no file of the catalog$/),
      hint: expect.stringContaining('copy the file into'),
    });
  });

  test('of an entry outside the catalog lies in the entry', async () => {
    expect(await load('file: token', '../elsewhere')).toEqual(['t']);
    await expect(load('file: ../catalog/token', '../elsewhere')).rejects.toMatchObject({
      code: 'config-invalid',
    });
  });
});

describe('a variable for a build secret', () => {
  test('is given where the user names it', async () => {
    vi.stubEnv('KRAFT_SLIM_SECRET_ENV', 'OTHER, API_KEY');
    expect(await load('env: API_KEY')).toEqual(['t']);
  });

  test.each([undefined, '', 'OTHER', 'API'])('and not where %s is named', async (names) => {
    vi.stubEnv('KRAFT_SLIM_SECRET_ENV', names);
    await expect(load('env: API_KEY')).rejects.toMatchObject({
      code: 'config-invalid',
      message: 'cannot give the build the secret t: KRAFT_SLIM_SECRET_ENV does not name API_KEY',
      hint: expect.stringContaining('KRAFT_SLIM_SECRET_ENV=API_KEY'),
    });
  });
});
