import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contextDigest, readBuildContext } from '../../src/dockerfile/build-context.ts';
import { UserError } from '../../src/shared/failure.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'build-context-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
}

const read = (dockerfile = 'Dockerfile') =>
  readBuildContext({ directory, dockerfile: join(directory, dockerfile) });

const namesOf = async (dockerfile?: string) => (await read(dockerfile)).entries.map((entry) => entry.path);

describe('a build context', () => {
  test('holds files, directories and links, sorted, links unfollowed', async () => {
    await write({ Dockerfile: 'FROM a', 'src/b': '12', 'src/a': '', 'src-2/c': '' });
    await mkdir(join(directory, 'empty'));
    await symlink('../outside', join(directory, 'link'));
    await chmod(join(directory, 'src/b'), 0o751);
    const { entries } = await read();
    expect(entries.map((entry) => entry.path)).toEqual([
      'Dockerfile',
      'empty',
      'link',
      'src',
      'src-2',
      'src-2/c',
      'src/a',
      'src/b',
    ]);
    expect(entries.find((entry) => entry.path === 'link')).toMatchObject({
      type: 'symlink',
      linkTarget: '../outside',
    });
    expect(entries.find((entry) => entry.path === 'src/b')).toMatchObject({
      type: 'file',
      size: 2,
      mode: 0o751,
    });
    expect(entries.find((entry) => entry.path === 'empty')).toMatchObject({ type: 'directory' });
  });

  test('leaves out what is ignored, but descends where a pattern takes something back', async () => {
    await write({
      '.dockerignore': '*.secret\nd\n!d/x/keep\n',
      Dockerfile: '',
      'a.secret': '',
      'd/x/keep': '',
      'd/x/no': '',
      'd/y/no': '',
      'e/a.secret': '',
    });
    expect(await namesOf()).toEqual([
      '.dockerignore',
      'Dockerfile',
      'd',
      'd/x',
      'd/x/keep',
      'e',
      'e/a.secret',
    ]);
  });

  test('sends the Dockerfile and .dockerignore always, marked where no COPY may see them', async () => {
    await write({ '.dockerignore': '*\n!a\n', 'sub/Dockerfile': '', a: '', 'sub/b': '' });
    const { entries, dockerfile } = await read('sub/Dockerfile');
    expect(entries.map(({ path, ignored }) => [path, ignored])).toEqual([
      ['.dockerignore', true],
      ['a', false],
      ['sub', false],
      ['sub/Dockerfile', true],
    ]);
    expect(dockerfile).toBe('sub/Dockerfile');
  });

  test('obeys the ignore file that is named for the Dockerfile before .dockerignore', async () => {
    await write({
      '.dockerignore': 'a',
      'App.Dockerfile.dockerignore': 'b',
      'App.Dockerfile': '',
      a: '',
      b: '',
    });
    expect(await namesOf('App.Dockerfile')).toContain('a');
    expect(await namesOf('App.Dockerfile')).not.toContain('b');
    expect(await namesOf('Dockerfile')).toContain('b');
  });

  test('may have its Dockerfile elsewhere', async () => {
    await write({ 'context/a': '', Dockerfile: '' });
    const context = await readBuildContext({
      directory: join(directory, 'context'),
      dockerfile: join(directory, 'Dockerfile'),
    });
    expect(context).toMatchObject({ dockerfile: null, ignoreFile: null, entries: [{ path: 'a' }] });
  });

  test('has no FIFO', async () => {
    await write({ Dockerfile: '' });
    execFileSync('mkfifo', [join(directory, 'fifo')]);
    expect(await namesOf()).toEqual(['Dockerfile']);
  });

  test('with a name that is not UTF-8 is refused, unless the name is ignored', async () => {
    await write({ Dockerfile: '' });
    await writeFile(Buffer.concat([Buffer.from(`${directory}/caf`), Buffer.of(0xe9)]), '');
    await expect(read()).rejects.toMatchObject({
      code: 'refused',
      message: 'cannot send caf\\xe9 of the build context: its name is not UTF-8',
    });
    await write({ '.dockerignore': 'caf*\n' });
    expect(await namesOf()).toEqual(['.dockerignore', 'Dockerfile']);
  });

  test('that is not there, or is far too large, is refused', async () => {
    const gone = readBuildContext({
      directory: join(directory, 'no'),
      dockerfile: join(directory, 'Dockerfile'),
    });
    await expect(gone).rejects.toMatchObject({ code: 'rootfs-missing' });
    await write({ a: '', b: '', c: '' });
    const large = readBuildContext({ directory, dockerfile: join(directory, 'Dockerfile'), maxEntries: 2 });
    await expect(large).rejects.toThrow(UserError);
  });
});

test('a context of directories a thousand levels deep takes no time that grows with the square of its depth', async () => {
  await mkdir(join(directory, 'd/'.repeat(1000)), { recursive: true });
  const before = process.cpuUsage();
  expect(await namesOf()).toHaveLength(1000);
  const { user, system } = process.cpuUsage(before);
  // half a second; with realpath(3) for each directory more than ten
  expect((user + system) / 1e6).toBeLessThan(5);
});

test('many rules over many files leave other work its turn', async () => {
  const rules = Array.from({ length: 3000 }, (_, at) => `**/*a*b*x${at}*`);
  const files = Array.from({ length: 100 }, (_, at) => [`${'ab'.repeat(30)}${at}`, '']);
  await write({ Dockerfile: '', '.dockerignore': rules.join('\n'), ...Object.fromEntries(files) });
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  expect(await namesOf()).toHaveLength(files.length + 2);
  clearInterval(timer);
  // without a pause none, for seconds
  expect(turns).toBeGreaterThan(5);
});

describe('the digest of a context', () => {
  const digest = async () => contextDigest((await read()).entries);

  test('does not change with times', async () => {
    await write({ a: '1' });
    const before = await digest();
    await utimes(join(directory, 'a'), 1, 1);
    expect(await digest()).toBe(before);
  });

  test.each([
    ['content', () => write({ a: '2' })],
    ['mode', () => chmod(join(directory, 'a'), 0o600)],
    ['a new file', () => write({ b: '' })],
    ['a link target', () => rm(join(directory, 'link')).then(() => symlink('y', join(directory, 'link')))],
  ])('changes with %s', async (_, change) => {
    await write({ a: '1' });
    await symlink('x', join(directory, 'link'));
    const before = await digest();
    await change();
    expect(await digest()).not.toBe(before);
  });
});
