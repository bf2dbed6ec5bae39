import { appendFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { gitAt } from '../../src/programs/git.ts';
import { withoutDrivers } from '../../src/programs/git-settings.ts';
import { catalogOf } from '../support/catalog.ts';
import { git } from '../support/git.ts';
import { canary, hostileSettings, plantBare, plantHooks } from '../support/hostile-repository.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('a bare repository is not used, although git starts in it', async () => {
  await using directory = await temporaryDirectory();
  await using traps = await canary();
  await plantBare(directory.path, traps);
  await expect(gitAt(directory.path).run(['status'])).rejects.toThrow(/bare repository/);
  expect(await traps.traces()).toEqual([]);
});

test('no repository above the top is used', async () => {
  await using catalog = await catalogOf({ 'library/a': '1' });
  await expect(gitAt(join(catalog.path, 'library')).run(['status'])).rejects.toThrow('not a git repository');
});

test("settings of the top's own repository start nothing", async () => {
  await using catalog = await catalogOf({ a: '1', b: '1', '.gitattributes': 'a filter=evil diff=evil\n' });
  await using traps = await canary();
  await appendFile(join(catalog.path, '.git/config'), hostileSettings(traps));
  await plantHooks(join(catalog.path, '.git'), traps);
  for (const name of ['a', 'b']) await writeFile(join(catalog.path, name), '2');
  const { run } = gitAt(catalog.path);
  const plain = ['--no-ext-diff', '--no-textconv'];
  const commands = [
    ['status'],
    ['diff', ...plain, 'HEAD'],
    ['log', '-p', ...plain],
    ['add', 'a'],
    ['cat-file', '--filters', 'HEAD:a'],
  ];
  for (const words of commands) {
    await run(words);
  }
  // without the words, git fails before it starts anything
  await run(['diff', 'HEAD', '--', 'b']).catch(() => undefined);
  const id = (await run(['rev-parse', 'HEAD'])).trim();
  await run(['update-ref', '--stdin', '-z'], { input: `create refs/heads/x\0${id}\0` });
  await run(['commit', '--quiet', '--message', 'x']).catch(() => undefined);
  expect(await traps.traces()).toEqual([]);
});

test.each([
  ['core.askPass', ''],
  ['core.sshCommand', 'ssh'],
  ['credential.helper', ''],
  ['core.alternateRefsCommand', ''],
  ['core.pager', 'cat'],
  ['core.editor', 'true'],
  ['sequence.editor', 'true'],
  ['protocol.ext.allow', 'never'],
  ['submodule.recurse', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['commit.gpgSign', 'false'],
])("the repository's %s is no program", async (key, expected) => {
  await using catalog = await catalogOf({ a: '1' });
  await using traps = await canary();
  await appendFile(join(catalog.path, '.git/config'), hostileSettings(traps));
  expect((await gitAt(catalog.path).run(['config', '--get', key])).trim()).toBe(expected);
});

test('git asks nothing, writes nothing of its accord, and speaks one language', async () => {
  await using catalog = await catalogOf({ a: '1' });
  await using bin = await temporaryDirectory();
  const shown = ['LC_ALL', 'GIT_CEILING_DIRECTORIES', 'GIT_TERMINAL_PROMPT', 'GIT_OPTIONAL_LOCKS'];
  const script = `#!/bin/sh\nprintf '%s\\n' ${shown.map((name) => `"$${name}"`).join(' ')} "$@"\n`;
  await writeFile(join(bin.path, 'git'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin.path}:${process.env.PATH}`);
  vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
  vi.stubEnv('GIT_TERMINAL_PROMPT', '1');
  try {
    const [lc, ceiling, prompt, locks, ...words] = (await gitAt(catalog.path).run(['version'])).split('\n');
    expect([lc, ceiling, prompt, locks]).toEqual(['C', dirname(catalog.path), '0', '0']);
    expect(words).toEqual(expect.arrayContaining(['--no-pager', '--literal-pathspecs', 'version']));
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a program beside the files of the catalog is not git', async () => {
  await using catalog = await catalogOf({ 'bin/git': '#!/bin/sh\necho false git\n' });
  await git(catalog.path, 'update-index', '--chmod=+x', 'bin/git');
  await git(catalog.path, 'checkout', '--quiet', '--force', '.');
  vi.stubEnv('PATH', `${join(catalog.path, 'bin')}:${process.env.PATH}`);
  try {
    expect(await gitAt(catalog.path).run(['version'])).toMatch(/^git version/);
  } finally {
    vi.unstubAllEnvs();
  }
});

test('drivers lose their programs whatever their names are', () => {
  expect(withoutDrivers(['filter.a=b\nc.d.clean', 'core.editor', 'diff.renames'])).toEqual({
    GIT_CONFIG_COUNT: '4',
    GIT_CONFIG_KEY_0: 'filter.a=b\nc.d.clean',
    GIT_CONFIG_VALUE_0: '',
    GIT_CONFIG_KEY_1: 'filter.a=b\nc.d.smudge',
    GIT_CONFIG_VALUE_1: '',
    GIT_CONFIG_KEY_2: 'filter.a=b\nc.d.process',
    GIT_CONFIG_VALUE_2: '',
    GIT_CONFIG_KEY_3: 'filter.a=b\nc.d.required',
    GIT_CONFIG_VALUE_3: 'false',
  });
  const cleared = Object.values(withoutDrivers(['diff.evil.command', 'merge.evil.driver']));
  for (const key of ['diff.evil.command', 'diff.evil.textconv', 'merge.evil.driver'])
    expect(cleared).toContain(key);
});
