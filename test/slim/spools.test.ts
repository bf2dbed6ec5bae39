import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeWorkDirectory, newSpool, removeSpools } from '../../src/slim/spools.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

let directory: TemporaryDirectory;
let spools: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  vi.stubEnv('TMPDIR', directory.path);
  spools = join(directory.path, `kraft-slim-${process.getuid?.() ?? 'user'}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await directory[Symbol.asyncDispose]();
});

test('a new spool has a unique name in a private directory', async () => {
  const [one, other] = [await newSpool(), await newSpool()];
  expect(dirname(one)).toBe(spools);
  expect(one).not.toBe(other);
});

test('spools of a named scope lie apart, and a removal in another scope leaves them', async () => {
  vi.stubEnv('KRAFT_SLIM_SCOPE', 'one');
  const held = await newSpool();
  expect(dirname(held)).toBe(`${spools}-one`);
  // of a process that is dead: a living one keeps its spools
  await writeFile(join(`${spools}-one`, '4194304-1.tar'), '');
  vi.stubEnv('KRAFT_SLIM_SCOPE', 'other');
  expect(await removeSpools('all')).toBe(0);
  vi.stubEnv('KRAFT_SLIM_SCOPE', '');
  expect(await removeSpools('all')).toBe(0);
  vi.stubEnv('KRAFT_SLIM_SCOPE', 'one');
  expect(await removeSpools('all')).toBe(1);
});

describe('removed are', () => {
  const given = async (...names: string[]) => {
    await mkdir(spools, { mode: 0o700 });
    for (const name of names) await writeFile(join(spools, name), '');
  };

  test('the spools of processes that have died', async () => {
    await given(`${process.pid}-1.tar`, '999999999-1.tar');
    expect(await removeSpools('abandoned')).toBe(1);
    expect(await readdir(spools)).toEqual([`${process.pid}-1.tar`]);
  });

  test('with all the directory, unless another run is at work in it', async () => {
    await given('999999999-1.tar');
    expect(await removeSpools('all')).toBe(1);
    expect(await readdir(directory.path)).toEqual([]);
    const spool = await newSpool();
    expect(await removeSpools('all')).toBe(0);
    await writeFile(spool, '');
    expect(await removeSpools('all')).toBe(0);
    expect(await readdir(spools)).toContain(basename(spool));
  });

  test('no files of another name, nor the directory with them', async () => {
    await given('notes.txt', '1-1.tar.bak', '999999999-1.tar');
    expect(await removeSpools('all')).toBe(1);
    expect(await readdir(spools)).toEqual(['1-1.tar.bak', 'notes.txt']);
  });

  test('directories of processes that have died, with all that is in them', async () => {
    await given();
    await mkdir(join(spools, '999999999-2.tar/examples/app'), { recursive: true });
    await using own = await makeWorkDirectory();
    expect(await removeSpools('abandoned')).toBe(1);
    expect(await readdir(spools)).toEqual([`${process.pid}-0.held`, own.path.slice(spools.length + 1)]);
  });

  test('none where there are none', async () => {
    expect(await removeSpools('all')).toBe(0);
  });
});

describe.runIf(process.getuid !== undefined)('a directory is refused', () => {
  const expectRefusal = async (why: string) => {
    for (const use of [newSpool, () => removeSpools('all'), () => removeSpools('abandoned')]) {
      await expect(use()).rejects.toMatchObject({ message: `cannot spool in ${spools}: ${why}` });
    }
  };

  test('that others may use', async () => {
    await mkdir(spools);
    await chmod(spools, 0o755);
    await expectRefusal('other users may use it');
  });

  test('that is a link to another', async () => {
    await mkdir(join(directory.path, 'target'), { mode: 0o700 });
    await symlink('target', spools);
    await expectRefusal('it is not a directory');
  });

  test('that is a file', async () => {
    await writeFile(spools, '');
    await expectRefusal('it is not a directory');
  });
});
