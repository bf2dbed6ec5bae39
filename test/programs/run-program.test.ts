import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runProgram } from '../../src/programs/run-program.ts';
import { environmentOf, PROGRAMS } from '../../src/programs/table.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

let bin: TemporaryDirectory;

beforeEach(async () => {
  bin = await temporaryDirectory();
  vi.stubEnv('PATH', `.:${bin.path}:/usr/bin:/bin`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await bin[Symbol.asyncDispose]();
});

async function program(name: string, script: string, directory = bin.path): Promise<void> {
  await writeFile(join(directory, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(directory, name), 0o755);
}

test('a program starts in a directory that no catalog writes, and no repository is above it', async () => {
  await program('gh', 'pwd; echo "$PWD"');
  expect(await runProgram('gh', ['gh'])).toBe('/\n/\n');
});

test("it sees the user's environment without what steers git, and a PATH without the current directory", async () => {
  vi.stubEnv('GIT_DIR', '/x');
  vi.stubEnv('GH_REPO', 'a/b');
  vi.stubEnv('AWS_PROFILE', 'mine');
  await program('gh', 'echo "$GIT_DIR,$GH_REPO,$AWS_PROFILE,$PATH"');
  expect(await runProgram('gh', ['gh'])).toBe(`,,mine,${bin.path}:/usr/bin:/bin\n`);
});

test('it never comes from the catalog', async () => {
  await program('gh', 'echo catalog');
  await expect(runProgram('gh', ['gh'], { catalog: bin.path })).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a name with a slash is no program of the PATH', async () => {
  await program('gh', 'echo x');
  await expect(runProgram('gh', [join(bin.path, 'gh')])).rejects.toThrow('has no slash');
});

test('words and input arrive as they are, without a shell', async () => {
  await program('gh', 'printf "%s|" "$@"; cat');
  expect(await runProgram('gh', ['gh', '$(id)', 'a b\nc'], { input: '`id`' })).toBe('$(id)|a b\nc|`id`');
});

test.each(Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[])(
  '%s gets no variable that leads git',
  (name) => {
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/x');
    vi.stubEnv('GIT_EXTERNAL_DIFF', '/x');
    vi.stubEnv('GIT_SSH_COMMAND', '/x');
    expect(Object.keys(environmentOf(name)).filter((variable) => variable.startsWith('GIT_'))).toEqual([]);
  },
);

test('a program that does not end in its time is killed', async () => {
  await program('gh', 'exec sleep 60');
  await expect(runProgram('gh', ['gh'], { timeoutMs: 100 })).rejects.toMatchObject({ killed: true });
});

test('a program that prints without end is ended', async () => {
  await program('gh', 'exec head -c 20000000 /dev/zero');
  await expect(runProgram('gh', ['gh'])).rejects.toMatchObject({
    code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER',
  });
});
