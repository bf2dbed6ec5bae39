import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { findWorkTree } from '../../src/git/find-work-tree.ts';
import { keepingOf } from '../../src/git/work-tree.ts';
import { catalogOf } from '../support/catalog.ts';
import { git } from '../support/git.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Where a file is kept after some steps in a work tree in which it was committed with the content `1`. */
async function keepingAfter(
  steps: (tree: { write(text: string): Promise<void>; git(...words: string[]): Promise<string> }) => unknown,
  name = 'entry/Dockerfile',
) {
  await using top = await temporaryDirectory();
  const path = join(top.path, name);
  const tree = {
    write: async (text: string) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
    git: (...words: string[]) => git(top.path, ...words),
  };
  await tree.git('init', '--quiet');
  await tree.write('1');
  await tree.git('add', '--all');
  await tree.git('commit', '--quiet', '--message', 'first');
  await steps(tree);
  return await keepingOf(path);
}

test('where a bare repository may lie at the top, git that is too old to ignore it is refused', async () => {
  await using catalog = await catalogOf({
    HEAD: '',
    'objects/a': '',
    'refs/a': '',
    'library/a/Dockerfile': '',
  });
  await using bin = await temporaryDirectory();
  vi.stubEnv('PATH', `${bin.path}:${process.env.PATH}`);
  const directory = join(catalog.path, 'library/a');
  const version = async (text: string) => {
    await writeFile(join(bin.path, 'git'), `#!/bin/sh\necho git version ${text}\n`, { mode: 0o755 });
    return await findWorkTree(directory);
  };
  try {
    await expect(version('2.37.9')).rejects.toMatchObject({ code: 'refused' });
    expect((await version('2.38.0'))?.top).toBe(catalog.path);
    expect((await version('3.0.1'))?.top).toBe(catalog.path);
  } finally {
    vi.unstubAllEnvs();
  }
});

describe('git can give a file back', () => {
  test('as it is in HEAD', async () => {
    expect(await keepingAfter(() => undefined)).toBe('committed');
  });

  test('as it is in the index', async () => {
    const steps = keepingAfter(async ({ write, git }) => {
      await write('2');
      await git('add', '--all');
    });
    expect(await steps).toBe('committed');
  });

  test('as it is in HEAD, where the index has another', async () => {
    const steps = keepingAfter(async ({ write, git }) => {
      await write('2');
      await git('add', '--all');
      await write('1');
    });
    expect(await steps).toBe('committed');
  });

  test('but not a link of the same text', async () => {
    const steps = keepingAfter(async ({ git }) => {
      const id = (await git('hash-object', '-w', 'entry/Dockerfile')).trim();
      await git('update-index', '--cacheinfo', `120000,${id},entry/Dockerfile`);
      await git('commit', '--quiet', '--message', 'a link');
    });
    expect(await steps).toBe('uncommitted');
  });

  test('from the index before there is any commit', async () => {
    await using top = await temporaryDirectory();
    await git(top.path, 'init', '--quiet');
    await writeFile(join(top.path, 'Dockerfile'), '1');
    expect(await keepingOf(join(top.path, 'Dockerfile'))).toBe('uncommitted');
    await git(top.path, 'add', 'Dockerfile');
    expect(await keepingOf(join(top.path, 'Dockerfile'))).toBe('committed');
  });

  test('whose line ends its filters change', async () => {
    const steps = keepingAfter(async ({ write, git }) => {
      await git('config', 'core.autocrlf', 'true');
      await write('a\r\nb\r\n');
      await git('add', '--all');
      await git('commit', '--quiet', '--message', 'second');
    });
    expect(await steps).toBe('committed');
  });

  test.each(['Dockerfile', 'é/Dockerfile', '[a]*/Dockerfile', ' a "b"/Docker file ', ':x/:(top)y', '-x/-y'])(
    'of the name %j',
    async (name) => {
      expect(await keepingAfter(() => undefined, name)).toBe('committed');
    },
  );
});

describe('git has a file nowhere', () => {
  test('that has changed since', async () => {
    expect(await keepingAfter(({ write }) => write('2'))).toBe('uncommitted');
  });

  test('that has changed since it was staged', async () => {
    const steps = keepingAfter(async ({ write, git }) => {
      await write('2');
      await git('add', '--all');
      await write('3');
    });
    expect(await steps).toBe('uncommitted');
  });

  test('as it was two commits ago', async () => {
    const steps = keepingAfter(async ({ write, git }) => {
      await write('2');
      await git('commit', '--quiet', '--all', '--message', 'second');
      await write('1');
    });
    expect(await steps).toBe('uncommitted');
  });

  test('that neither HEAD nor the index holds any more', async () => {
    const steps = keepingAfter(async ({ git }) => {
      await git('rm', '--quiet', '--cached', '-r', '.');
      await git('commit', '--quiet', '--message', 'second');
    });
    expect(await steps).toBe('uncommitted');
  });
});

describe('outside git', () => {
  test('is a file of a plain directory', async () => {
    await using top = await temporaryDirectory();
    await writeFile(join(top.path, 'Dockerfile'), '1');
    expect(await keepingOf(join(top.path, 'Dockerfile'))).toBe('outside-git');
  });

  test('is a file of which the work tree has gone', async () => {
    await using top = await temporaryDirectory();
    await git(top.path, 'init', '--quiet');
    await writeFile(join(top.path, 'Dockerfile'), '1');
    await git(top.path, 'add', 'Dockerfile');
    await rm(join(top.path, '.git'), { recursive: true });
    expect(await keepingOf(join(top.path, 'Dockerfile'))).toBe('outside-git');
  });
});
