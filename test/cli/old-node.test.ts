import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { CLI } from '../support/cli.ts';
import { schemaFaults } from '../support/schemas.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');
const HINT = 'hint: install it from https://nodejs.org/en/download\n';
const says = (version: string) => `cannot run on Node ${version}: Node 20 or newer is required`;

/** Runs the first file of the command alone, so that whatever it imports fails, by a Node that says it is older. */
async function runAlone(version: string, args: readonly string[] = []) {
  await using directory = await temporaryDirectory();
  await cp(CLI, join(directory.path, 'bin.js'));
  await writeFile(join(directory.path, 'package.json'), '{ "type": "module" }\n');
  const preload = join(directory.path, 'older.cjs');
  await writeFile(preload, `Object.defineProperty(process.versions, 'node', { value: '${version}' });\n`);
  const words = ['--require', preload, join(directory.path, 'bin.js'), ...args];
  return await promisify(execFile)(process.execPath, words).then(
    ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ exitCode: code as number, stdout, stderr }),
  );
}

test.each(['18.20.8', '19.9.0', '16.20.2', '8.17.0'])(
  'Node %s is refused before any import',
  async (version) => {
    const expected = { exitCode: 2, stdout: '', stderr: `kraft-slim: ${says(version)}\n${HINT}` };
    expect(await runAlone(version)).toEqual(expected);
  },
);

test('with --json the refusal is a document', async () => {
  const { exitCode, stdout } = await runAlone('18.20.8', ['--json']);
  const document = JSON.parse(stdout) as object;
  expect(schemaFaults(document)).toEqual([]);
  expect({ exitCode, ...document }).toMatchObject({ exitCode: 2, code: 'usage', message: says('18.20.8') });
});

test.each(['20.0.0', '22.1.0', '100.0.0'])('Node %s reaches the imports', async (version) => {
  const { exitCode, stderr } = await runAlone(version);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 3,
    stderr: expect.stringMatching(/^kraft-slim: cannot load the command: .*main\.js/),
  });
});

test('the version in the message is the version that the package and the set-up require', async () => {
  const { engines } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  expect(engines.node).toBe('>=20');
  expect(await readFile(join(ROOT, 'scripts/setup/node.sh'), 'utf8')).toContain('-ge 20 ]');
});

test('an old Node can parse the first file: no static import, and no syntax of later than 2018', async () => {
  const text = await readFile(CLI, 'utf8');
  expect(text).not.toMatch(/^\s*import[\s{*'"]/m);
  expect(text).not.toMatch(/\?\?|\?\.|\bawait\b|^\s*static\b|#\w+\s*[=(;]/m);
  expect(text).toContain("import('./main.js')");
});
