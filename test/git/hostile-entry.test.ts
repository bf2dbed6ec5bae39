import { appendFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { changedPaths } from '../../src/git/changed-paths.ts';
import { filesInGit } from '../../src/git/list-files.ts';
import { openRepository } from '../../src/git/repository.ts';
import { keepingOf } from '../../src/git/work-tree.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { git } from '../support/git.ts';
import {
  type Canary,
  canary,
  hostileSettings,
  plantBare,
  plantDotGit,
  plantGitFile,
  plantHooks,
} from '../support/hostile-repository.ts';

const ENTRY = 'library/evil';

let catalog: Catalog;
let traps: Canary;

beforeEach(async () => {
  traps = await canary();
  catalog = await catalogOf({
    [`${ENTRY}/Dockerfile`]: 'FROM x\n',
    [`${ENTRY}/Kraftfile`]: 'spec: v0.6\n',
    'library/good/Dockerfile': 'FROM y\n',
  });
  await git(catalog.path, 'branch', '--move', 'main');
  await git(catalog.path, 'config', 'user.name', 'Ada');
  await git(catalog.path, 'config', 'user.email', 'ada@example.org');
  vi.stubEnv('HOME', catalog.path);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await catalog[Symbol.asyncDispose]();
  await traps[Symbol.asyncDispose]();
});

const entry = () => join(catalog.path, ENTRY);

/** Every call of git that a verb makes, over an entry; failures are answers too. */
async function everyCall(): Promise<void> {
  const repository = await openRepository(entry());
  const base = await git(catalog.path, 'rev-parse', 'HEAD');
  const changes = [{ kind: 'directory', path: ENTRY }] as const;
  await Promise.allSettled([
    keepingOf(join(entry(), 'Dockerfile')),
    keepingOf(join(entry(), 'nothing')),
    filesInGit(entry()),
    changedPaths(catalog.path, 'HEAD'),
    changedPaths(entry(), 'HEAD'),
    repository.changedPaths(),
    repository.textAt('HEAD', `${ENTRY}/Dockerfile`),
    repository.identity(),
  ]);
  await repository.writeCommits(base.trim(), [{ message: ['a', 'b'], changes }]).catch(() => undefined);
  await repository.createBranches(new Map([['made', base.trim()]])).catch(() => undefined);
}

describe('an entry runs none of its programs', () => {
  test.each([
    ['as a bare repository', plantBare],
    ['with a .git directory', plantDotGit],
    ['with a .git file', plantGitFile],
  ])('%s', async (_, plant) => {
    await plant(entry(), traps);
    expect((await openRepository(entry())).top).toBe(catalog.path);
    await everyCall();
    await appendFile(join(entry(), 'Dockerfile'), 'RUN y\n');
    await everyCall();
    expect(await traps.traces()).toEqual([]);
  });

  test.each([
    ['as a bare repository', plantBare],
    ['with a .git directory', plantDotGit],
  ])('where git is started in it, it would: %s', async (_, plant) => {
    await plant(entry(), traps);
    await git(entry(), 'hash-object', '--path=Dockerfile', 'Dockerfile').catch(() => undefined);
    await git(entry(), 'status').catch(() => undefined);
    expect(await traps.traces()).not.toEqual([]);
  });

  test('as a submodule that the catalog has', async () => {
    await git(catalog.path, 'rm', '-r', '--cached', '--quiet', ENTRY);
    await plantDotGit(entry(), traps);
    const id = (await git(entry(), 'rev-parse', 'HEAD')).trim();
    await git(catalog.path, 'update-index', '--add', '--cacheinfo', `160000,${id},${ENTRY}`);
    await git(catalog.path, 'commit', '--quiet', '--message', 'submodule');
    await appendFile(join(entry(), 'Dockerfile'), 'RUN y\n');
    await everyCall();
    expect(await traps.traces()).toEqual([]);
  });

  test('posing as a catalog', async () => {
    await catalog.write({ [`${ENTRY}/library/a`]: '1', [`${ENTRY}/examples/b`]: '1' });
    await plantDotGit(entry(), traps);
    await everyCall();
    expect(await traps.traces()).toEqual([]);
    expect((await openRepository(entry())).top).toBe(catalog.path);
  });
});

describe("an entry's attributes choose no driver of the user's configuration", () => {
  beforeEach(async () => {
    await appendFile(join(catalog.path, '.git/config'), hostileSettings(traps));
    await plantHooks(join(catalog.path, '.git'), traps);
  });

  test.each(['filter=evil', 'filter=served', 'filter=a=b', 'diff=evil', 'filter=evil diff=evil eol=crlf'])(
    '%s',
    async (attributes) => {
      await catalog.write({ [`${ENTRY}/.gitattributes`]: `* ${attributes}\n` });
      // a new time has git compare the content
      await utimes(join(entry(), 'Dockerfile'), new Date(0), new Date(0));
      await everyCall();
      expect(await traps.traces()).toEqual([]);
    },
  );

  test('and what a filter would rewrite is refused as a commit', async () => {
    await catalog.write({ [`${ENTRY}/.gitattributes`]: '*.bin filter=evil\n', [`${ENTRY}/a.bin`]: '1' });
    const repository = await openRepository(catalog.path);
    const plan = { message: ['a'], changes: [{ kind: 'directory', path: ENTRY }] } as const;
    await expect(repository.writeCommits('HEAD', [plan])).rejects.toMatchObject({
      code: 'refused',
      message: `cannot commit ${ENTRY}/a.bin: its attribute filter=evil has git rewrite it`,
    });
    expect(await traps.traces()).toEqual([]);
  });

  test('but an unchanged file stays as it was committed', async () => {
    await catalog.write({ [`${ENTRY}/.gitattributes`]: 'Kraftfile filter=evil\n', [`${ENTRY}/new`]: '1' });
    const repository = await openRepository(catalog.path);
    const plan = { message: ['a'], changes: [{ kind: 'directory', path: ENTRY }] } as const;
    const [commit] = await repository.writeCommits('HEAD', [plan]);
    expect(await repository.textAt(commit?.id ?? '', `${ENTRY}/Kraftfile`)).toBe('spec: v0.6\n');
    expect(await traps.traces()).toEqual([]);
  });
});

describe('names are never commands', () => {
  test('a branch with a line break deletes no other', async () => {
    await git(catalog.path, 'branch', 'victim');
    const repository = await openRepository(catalog.path);
    const id = (await git(catalog.path, 'rev-parse', 'HEAD')).trim();
    const name = `x ${id}\ndelete refs/heads/victim\ncreate refs/heads/y`;
    await expect(repository.createBranches(new Map([[name, id]]))).rejects.toMatchObject({ code: 'refused' });
    expect(await git(catalog.path, 'branch', '--list', 'victim')).toContain('victim');
  });

  test('files with line breaks and tabs are committed by their names', async () => {
    const name = `${ENTRY}/a\n100644 0123\t.gitmodules`;
    await writeFile(join(catalog.path, name), 'x');
    const repository = await openRepository(catalog.path);
    const changes = [{ kind: 'directory', path: ENTRY }] as const;
    const [commit] = await repository.writeCommits('HEAD', [{ message: ['a'], changes }]);
    const names = await git(catalog.path, 'diff', '-z', '--name-only', 'HEAD', commit?.id ?? '');
    expect(names).toBe(`${name}\0`);
  });
});

test('the environment of the caller leads git nowhere else', async () => {
  await using other = await catalogOf({ a: '1' });
  vi.stubEnv('GIT_DIR', join(other.path, '.git'));
  vi.stubEnv('GIT_WORK_TREE', other.path);
  vi.stubEnv('GIT_EXTERNAL_DIFF', traps.command('external'));
  vi.stubEnv('GIT_CONFIG_COUNT', '1');
  vi.stubEnv('GIT_CONFIG_KEY_0', 'core.fsmonitor');
  vi.stubEnv('GIT_CONFIG_VALUE_0', traps.command('fsmonitor'));
  expect(await keepingOf(join(entry(), 'Dockerfile'))).toBe('committed');
  await appendFile(join(entry(), 'Dockerfile'), 'RUN y\n');
  expect(await changedPaths(catalog.path, 'HEAD')).toEqual([`${ENTRY}/Dockerfile`]);
  expect(await traps.traces()).toEqual([]);
});

describe('a link in an entry', () => {
  test('is committed as a link, and adds no file of the host', async () => {
    await using outside = await catalogOf({ secret: 'token' });
    await rm(join(entry(), 'Kraftfile'));
    await symlink(join(outside.path, 'secret'), join(entry(), 'Kraftfile'));
    const repository = await openRepository(catalog.path);
    const changes = [{ kind: 'directory', path: ENTRY }] as const;
    const [commit] = await repository.writeCommits('HEAD', [{ message: ['a'], changes }]);
    expect(await git(catalog.path, 'ls-tree', commit?.id ?? '', `${ENTRY}/Kraftfile`)).toMatch(/^120000/);
    expect(await repository.textAt(commit?.id ?? '', `${ENTRY}/Kraftfile`)).toBe(
      join(outside.path, 'secret'),
    );
  });

  test('on the way to a file adds no file from behind it', async () => {
    await catalog.write({ [`${ENTRY}/lib/secret`]: '1' });
    await catalog.commit();
    await using outside = await catalogOf({ secret: 'token' });
    await rm(join(entry(), 'lib'), { recursive: true });
    await symlink(outside.path, join(entry(), 'lib'));
    const repository = await openRepository(catalog.path);
    const changes = [{ kind: 'directory', path: ENTRY }] as const;
    const [commit] = await repository.writeCommits('HEAD', [{ message: ['a'], changes }]);
    expect(await git(catalog.path, 'ls-tree', '-r', commit?.id ?? '', `${ENTRY}/lib`)).toMatch(/^120000/);
  });
});
