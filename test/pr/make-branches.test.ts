import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { libraryRow } from '../../src/catalog/entry-table.ts';
import { type MakeBranchesOptions, makeBranches } from '../../src/pr/make-branches.ts';
import { emptyResult, type Result } from '../../src/slim/result.ts';
import { hashOf, STATE_DIRECTORY, stateKeyOf, writeState } from '../../src/slim/state/state.ts';
import { type Catalog, catalogOf, type Files } from '../support/catalog.ts';
import { git } from '../support/git.ts';
import { schemaFaults } from '../support/schemas.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const OLD = 'library/redis/7.0';
const NEW = 'library/redis/7.2';
const EXAMPLE = 'examples/app';
const SIGNED = 'Signed-off-by: Ada Lovelace <ada@example.org>';

let catalog: Catalog;

beforeEach(async () => {
  catalog = await catalogOf({
    ...entry(OLD, 'Redis 7.0'),
    ...entry(EXAMPLE, 'An app'),
    '.github/workflows/library-redis7.0.yaml': 'name: library/redis/7.0\n',
    'README.md': `# Catalog\n\n| Status | Image |\n|-|-|\n${libraryRow(OLD)}\n`,
    '.gitignore': '/.kraft-slim/\n',
  });
  await git(catalog.path, 'branch', '--move', 'main');
  await git(catalog.path, 'config', 'user.name', 'Ada Lovelace');
  await git(catalog.path, 'config', 'user.email', 'ada@example.org');
  for (const name of ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL']) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HOME', catalog.path);
  vi.stubEnv('XDG_CONFIG_HOME', catalog.path);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await catalog[Symbol.asyncDispose]();
});

function entry(name: string, title: string, dockerfile = 'FROM x\n'): Files {
  return {
    [`${name}/Dockerfile`]: dockerfile,
    [`${name}/Kraftfile`]: 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/a"]\n',
    [`${name}/README.md`]: `# ${title}\n`,
    [`${name}/.gitignore`]: '/.unikraft/\n',
  };
}

const SLIMMED: Omit<Result, 'entry'> = {
  ...emptyResult(''),
  status: 'slimmed',
  verified: true,
  before: { files: 9123, bytes: 170_000_000 },
  after: { files: 41, bytes: 9_800_000 },
  workload: { source: 'readme', probes: [{ kind: 'client', passed: true }] },
  memory: { initramfsBytes: 9_990_204, suggestedMiB: 64 },
  warnings: [{ code: 'not-pie', message: '/a <b>\nis no PIE' }],
  written: ['Dockerfile'],
};

/** What a run that verified an entry leaves. */
async function remember(
  name: string,
  dockerfile = 'Dockerfile',
  result: Partial<Result> = {},
): Promise<void> {
  const text = await catalog.read(`${name}/${dockerfile}`);
  await writeState(join(catalog.path, STATE_DIRECTORY), {
    schema: 'kraft-slim/state/1',
    entry: stateKeyOf({ name, dockerfile }),
    written: { [dockerfile]: hashOf(text) },
    result: { ...SLIMMED, ...result, entry: name },
    kept: [
      { path: '/a', reasons: ['the started program'] },
      { path: '/lib/b', reasons: ['linked by /a'] },
      { path: '/lib/c', reasons: ['linked by /lib/b'] },
    ],
    missed: [],
    fingerprint: null,
  });
}

/** The new version as `refresh` leaves it. */
async function makeNew(): Promise<void> {
  const readme = await catalog.read('README.md');
  await catalog.write({
    ...entry(NEW, 'Redis 7.2'),
    '.github/workflows/library-redis7.2.yaml': `name: ${NEW}\n`,
    'README.md': `${readme}${libraryRow(NEW)}\n`,
    [`${NEW}/.unikraft/built`]: 'not to be committed',
  });
  await remember(NEW);
}

const publish = (entries: readonly string[], options: Partial<MakeBranchesOptions> = {}) =>
  makeBranches(
    entries.map((one) => join(catalog.path, one)),
    { single: false, push: false, gh: false, stateDirectory: null, ...options },
  );

const log = async (range: string, format: string) =>
  (await git(catalog.path, 'log', '--reverse', `--format=${format}`, range)).trim().split('\n');

/** All that could be lost or left in between: what HEAD is, the index, the work tree. */
async function checkout(): Promise<string[]> {
  return await Promise.all([
    git(catalog.path, 'rev-parse', 'HEAD'),
    git(catalog.path, 'rev-parse', '--symbolic-full-name', 'HEAD'),
    git(catalog.path, 'ls-files', '--stage'),
    git(catalog.path, 'status', '--porcelain', '--untracked-files=all'),
  ]);
}

describe('a new entry', () => {
  test('is a branch of three commits, each one change, signed off', async () => {
    await makeNew();
    const before = await checkout();
    const branches = await publish([NEW]);
    expect(schemaFaults({ schema: 'kraft-slim/pr/1', branches })).toEqual([]);
    const branch = `kraft-slim/${NEW}`;
    expect(branches).toMatchObject([{ branch, base: 'main', entries: [NEW], pushed: false, url: null }]);
    expect(await log(`main..${branch}`, '%s')).toEqual([
      'feat(library): Introduce Redis 7.2',
      'feat(.github): Build Redis 7.2 and publish it',
      'docs: Add Redis 7.2 to the table of images',
    ]);
    for (const id of await log(`main..${branch}`, '%H')) {
      const message = await git(catalog.path, 'log', '-1', '--format=%B', id);
      for (const line of message.split('\n')) expect(line.length).toBeLessThanOrEqual(75);
      const file = join(catalog.path, '.kraft-slim', 'message');
      await writeFile(file, message);
      const trailers = await git(catalog.path, 'interpret-trailers', '--parse', file);
      expect(trailers.trim()).toBe(SIGNED);
      expect(await git(catalog.path, 'log', '-1', '--format=%an <%ae>', id)).toBe(
        'Ada Lovelace <ada@example.org>\n',
      );
    }
    const files = await git(catalog.path, 'log', '--reverse', '--format=', '--name-only', `main..${branch}`);
    expect(
      files
        .trim()
        .split('\n')
        .filter((line) => line !== ''),
    ).toEqual([
      ...['.gitignore', 'Dockerfile', 'Kraftfile', 'README.md'].map((name) => `${NEW}/${name}`),
      '.github/workflows/library-redis7.2.yaml',
      'README.md',
    ]);
    expect(await checkout()).toEqual(before);
  });

  test('is in a fresh clone of its branch as it is here', async () => {
    await makeNew();
    await publish([NEW]);
    await using elsewhere = await temporaryDirectory();
    await git(elsewhere.path, 'clone', '--quiet', '--branch', `kraft-slim/${NEW}`, catalog.path, 'clone');
    const clone = join(elsewhere.path, 'clone');
    for (const name of [`${NEW}/Dockerfile`, 'README.md', '.github/workflows/library-redis7.2.yaml']) {
      expect(await git(clone, 'show', `HEAD:${name}`)).toBe(await catalog.read(name));
    }
    expect(await git(clone, 'fsck', '--strict')).toBe('');
  });

  test('has a text for its reviewers', async () => {
    await makeNew();
    const [branch] = await publish([NEW]);
    expect(branch?.title).toBe('feat(library): Introduce Redis 7.2');
    expect(branch?.body).toBe(`### Redis 7.2

| \`library/redis/7.2\` | files | size |
|-|-:|-:|
| before | 9123 | 170.0 MB |
| after | 41 | 9.8 MB |

What is kept, and why:

- 2 paths: linked by another file
- 1 path: the started program

kraft-slim rebuilt it, and it has exactly the planned files. It behaves like the original under the workload from the README:

- client: passed

The size of its initramfs is 10.0 MB; run it with \`-M 64M\`.

Known limits on Unikraft:

- \`not-pie\`: \`/a <b>\\x0ais no PIE\`

### Reproduce

\`\`\`console
kraft-slim verify library/redis/7.2
\`\`\`

Made by kraft-slim 0.1.0.
`);
  });
});

describe('an entry that is there', () => {
  test('is one commit, a repair', async () => {
    await catalog.write({ [`${OLD}/Dockerfile`]: 'FROM y\n' });
    await remember(OLD);
    const [branch] = await publish([OLD]);
    expect(branch?.commits.map(({ subject }) => subject)).toEqual([
      'fix(library): Slim the root file system of Redis 7.0',
    ]);
    expect(await git(catalog.path, 'show', `${branch?.branch}:${OLD}/Dockerfile`)).toBe('FROM y\n');
  });

  test.each([
    ['smaller', {}, 'The root file system has 41 files, 9.8 MB of 9123 files, 170.0 MB.'],
    ['as it was', { before: SLIMMED.after }, 'The root file system has 41 files, 9.8 MB.'],
    ['repaired', { before: null }, 'The root file system has 41 files, 9.8 MB.'],
  ])('says how large its root file system is, which is %s', async (_, result, sentence) => {
    await catalog.write({ [`${OLD}/Dockerfile`]: 'FROM y\n' });
    await remember(OLD, 'Dockerfile', result);
    const [branch] = await publish([OLD]);
    const body = await git(catalog.path, 'log', '-1', '--format=%b', branch?.branch ?? '');
    expect(body.replaceAll('\n', ' ')).toContain(`${sentence} kraft-slim rebuilt it`);
  });

  test('is known by its Dockerfile, where that has another name', async () => {
    await catalog.write({
      [`${OLD}/Dockerfile`]: null,
      [`${OLD}/app.Dockerfile`]: 'FROM y\n',
      [`${OLD}/Kraftfile`]: (text) => text.replace('./Dockerfile', './app.Dockerfile'),
    });
    await remember(OLD, 'app.Dockerfile');
    const [branch] = await publish([OLD]);
    expect(branch?.entries).toEqual([OLD]);
  });

  test('may lose a file', async () => {
    await catalog.write({ [`${OLD}/.gitignore`]: null });
    await remember(OLD);
    const [branch] = await publish([OLD]);
    const names = await git(catalog.path, 'ls-tree', '--name-only', branch?.branch ?? '', `${OLD}/`);
    expect(names).not.toContain('.gitignore');
  });
});

describe('several entries', () => {
  beforeEach(async () => {
    await makeNew();
    await catalog.write({ [`${EXAMPLE}/Dockerfile`]: 'FROM z\n' });
    await remember(EXAMPLE);
  });

  test('are a branch each, and each applies alone on main, whatever main has got since', async () => {
    const branches = await publish([NEW, EXAMPLE]);
    expect(branches.map(({ branch }) => branch)).toEqual([`kraft-slim/${NEW}`, `kraft-slim/${EXAMPLE}`]);
    for (const { branch, commits } of branches) {
      expect((await log(`main..${branch}`, '%H')).length).toBe(commits.length);
      await using elsewhere = await temporaryDirectory();
      await git(elsewhere.path, 'clone', '--quiet', '--branch', 'main', catalog.path, 'clone');
      await git(join(elsewhere.path, 'clone'), 'cherry-pick', ...commits.map(({ id }) => id));
    }
    expect(await git(catalog.path, 'diff', '--name-only', `main...kraft-slim/${EXAMPLE}`)).toBe(
      `${EXAMPLE}/Dockerfile\n`,
    );
  });

  test('are one branch with --single', async () => {
    const [branch, ...more] = await publish([NEW, EXAMPLE], { single: true });
    expect(more).toEqual([]);
    expect(branch).toMatchObject({ entries: [NEW, EXAMPLE], title: 'Update 2 entries' });
    expect(branch?.branch).toMatch(/^kraft-slim\/2-entries-[0-9a-f]{8}$/);
    expect(branch?.commits.map(({ subject }) => subject).at(-1)).toBe(
      'fix(examples): Slim the root file system of An app',
    );
  });

  test('of one group are one branch, and the others have a branch each', async () => {
    const settings = `entries:\n  "library/**": { pr: { group: engines } }\n`;
    await catalog.write({ 'kraft-slim.yaml': settings, [`${OLD}/Dockerfile`]: 'FROM y\n' });
    await git(catalog.path, 'add', 'kraft-slim.yaml');
    await git(catalog.path, 'commit', '--quiet', '--message', 'Settings', 'kraft-slim.yaml');
    await remember(OLD);
    const branches = await publish([NEW, EXAMPLE, OLD]);
    expect(branches.map(({ branch, entries, title }) => [branch, entries, title])).toEqual([
      ['kraft-slim/group-engines', [NEW, OLD], 'Update 2 entries of engines'],
      [`kraft-slim/${EXAMPLE}`, [EXAMPLE], 'fix(examples): Slim the root file system of An app'],
    ]);
  });

  test('start from main also where HEAD is on another branch', async () => {
    await git(catalog.path, 'switch', '--quiet', '--create', 'mine');
    await git(catalog.path, 'commit', '--quiet', '--allow-empty', '--message', 'mine');
    const [branch] = await publish([NEW, EXAMPLE]);
    const base = await git(catalog.path, 'merge-base', 'main', branch?.branch ?? '');
    expect(base).toBe(await git(catalog.path, 'rev-parse', 'main'));
    expect(await log(`main..${branch?.branch}`, '%s')).not.toContain('mine');
  });
});

describe('nothing is touched where', () => {
  /** Fails on request, and leaves everything as it was. */
  async function fails(
    entries: readonly string[],
    expected: object,
    options: Partial<MakeBranchesOptions> = {},
  ) {
    const state = async () => [...(await checkout()), await git(catalog.path, 'branch', '--list')];
    const before = await state();
    await expect(publish(entries, options)).rejects.toMatchObject(expected);
    expect(await state()).toEqual(before);
  }

  test('something else is changed', async () => {
    await makeNew();
    await catalog.write({ [`${EXAMPLE}/Dockerfile`]: 'FROM z\n', notes: 'x' });
    await fails([NEW], {
      code: 'tree-dirty',
      message: `cannot make branches: ${EXAMPLE}/Dockerfile, notes changed as well`,
    });
  });

  test('the README has other changes than rows', async () => {
    await makeNew();
    await catalog.write({ 'README.md': (text) => text.replace('# Catalog', '# My catalog') });
    await fails([NEW], { code: 'tree-dirty', message: 'cannot make branches: README.md changed as well' });
  });

  test('HEAD is detached', async () => {
    await makeNew();
    await git(catalog.path, 'checkout', '--quiet', '--detach');
    await fails([NEW], { code: 'head-detached' });
  });

  test('a branch is there already', async () => {
    await makeNew();
    await git(catalog.path, 'branch', `kraft-slim/${NEW}`);
    await fails([NEW], {
      code: 'branch-exists',
      hint: `git branch -D kraft-slim/${NEW}, if you do not need it any more`,
    });
  });

  test('a branch stands in the way of the second of two', async () => {
    await makeNew();
    await catalog.write({ [`${EXAMPLE}/Dockerfile`]: 'FROM z\n' });
    await remember(EXAMPLE);
    await git(catalog.path, 'branch', `kraft-slim/${EXAMPLE}/deeper`);
    await fails([NEW, EXAMPLE], { code: 'branch-exists' });
  });

  test('git does not know who commits', async () => {
    await makeNew();
    await git(catalog.path, 'config', '--unset', 'user.email');
    await fails([NEW], { code: 'identity-missing', hint: expect.stringContaining('git config user.name') });
  });

  test('an entry was never verified, or was changed since', async () => {
    await catalog.write({ [`${OLD}/Dockerfile`]: 'FROM y\n' });
    await fails([OLD], { code: 'state-missing', hint: `kraft-slim ${OLD}` });
    await remember(OLD);
    await catalog.write({ [`${OLD}/Dockerfile`]: 'FROM z\n' });
    await fails([OLD], {
      code: 'state-missing',
      message: expect.stringContaining('changed after its last verified run'),
    });
  });

  test('there is nothing to put forward', async () => {
    await remember(OLD);
    await fails([OLD], { code: 'nothing-to-propose' });
  });

  test('there is no main branch', async () => {
    await makeNew();
    await git(catalog.path, 'branch', '--move', 'trunk');
    await fails([NEW], { code: 'branch-missing' });
  });

  test('gh is wanted and not there', async () => {
    await makeNew();
    await using empty = await temporaryDirectory();
    const path = (await git(catalog.path, '--exec-path')).trim();
    vi.stubEnv('PATH', `${empty.path}:${path}`);
    await expect(publish([NEW], { push: true, gh: true })).rejects.toMatchObject({ code: 'gh-failed' });
  });
});

describe('with --push', () => {
  test('branches go to the remote, and only then', async () => {
    await makeNew();
    await using remote = await temporaryDirectory();
    await git(remote.path, 'init', '--quiet', '--bare');
    await git(catalog.path, 'remote', 'add', 'origin', remote.path);
    await git(catalog.path, 'push', '--quiet', 'origin', 'main');
    const [branch] = await publish([NEW], { push: true });
    expect(branch?.pushed).toBe(true);
    const id = await git(remote.path, 'rev-parse', `kraft-slim/${NEW}`);
    expect(id.trim()).toBe(branch?.commits.at(-1)?.id);
  });

  test('a remote that is not there is reported, and the branch stays', async () => {
    await makeNew();
    await expect(publish([NEW], { push: true })).rejects.toMatchObject({ code: 'push-failed' });
    expect(await git(catalog.path, 'branch', '--list', 'kraft-slim/*')).toContain(`kraft-slim/${NEW}`);
  });
});
