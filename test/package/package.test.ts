import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLEAN } from '../check/clean-catalog.ts';
import { folderWith } from '../check/folder.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { type Installed, installPackage, versionOf } from './installed.ts';

const ROOT = join(import.meta.dirname, '../..');

let top: TemporaryDirectory;
let installed: Installed;
beforeAll(async () => {
  top = await temporaryDirectory();
  installed = await installPackage(top);
}, 600_000);
afterAll(() => top?.[Symbol.asyncDispose]());

const below = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.slice(ROOT.length + 1).replaceAll('\\', '/'), entry.name));

test('packing builds every source, and takes templates, documents and schemas along', () => {
  const built = below('src').map((name) => name.replace(/^src(.*)\.ts$/, 'dist$1.js'));
  const documents = [...below('templates'), ...below('docs')];
  const rest = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json'];
  const expected = [...built, ...documents, ...rest];
  expect([...installed.files].sort()).toEqual(expected.sort());
});

test('each relative link of the README and the documents leads to a packed file', async () => {
  const texts = installed.files.filter((name) => name.endsWith('.md'));
  const broken: string[] = [];
  let links = 0;
  for (const name of texts) {
    const text = await readFile(join(installed.directory, name), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)/g)) {
      links += 1;
      const path = posix.join(posix.dirname(name), target);
      if (!installed.files.some((file) => file === path || file.startsWith(`${path}/`)))
        broken.push(`${name}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
  expect(links).toBeGreaterThan(3);
});

test('each document that the program names is packed', () => {
  const named = below('src').flatMap((name) => {
    const text = readFileSync(join(ROOT, name), 'utf8');
    return [...text.matchAll(/\b(?:docs|templates)\/[\w./-]*\w\.(?:md|json|hbs|yaml)\b/g)].map(
      ([path]) => path,
    );
  });
  expect(named.length).toBeGreaterThan(5);
  // a document of another project that a comment refers to
  const missing = named.filter(
    (path) => !installed.files.includes(path) && path !== 'docs/ELF_DLOPEN_METADATA.md',
  );
  expect(missing).toEqual([]);
});

test('the installed command prints its version and its help', async () => {
  const version = await installed.kraftSlim(['--version'], top.path);
  expect(version).toEqual({ exitCode: 0, stdout: `${await versionOf()}\n`, stderr: '' });
  const help = await installed.kraftSlim(['--help'], top.path);
  expect(help).toMatchObject({
    exitCode: 0,
    stderr: '',
    stdout: expect.stringMatching(/^Usage: kraft-slim /),
  });
});

test('the installed command checks a catalog', async () => {
  await using clean = await folderWith();
  expect(await installed.kraftSlim(['check', clean.path], clean.path)).toMatchObject({
    exitCode: 0,
    stdout: 'nothing found\n',
  });
  const kraftfile = 'library/nginx/1.25/Kraftfile';
  await using wrong = await folderWith({
    [kraftfile]: String(CLEAN[kraftfile]).replace('name: nginx', 'name: node'),
  });
  const { stdout } = await installed.kraftSlim(['check', '--json', wrong.path], wrong.path);
  expect(JSON.parse(stdout).findings).toMatchObject([{ code: 'name-mismatch' }]);
});

test('the installed command prints the workflow that it has as a template', async () => {
  const { stdout } = await installed.kraftSlim(['sweep', '--print-workflow'], top.path);
  expect(stdout).toBe(await readFile(join(ROOT, 'templates/sweep-workflow.yaml'), 'utf8'));
});
