import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TemporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What a package is made from: `dist` is not in it, since packing has to build it. */
const SOURCES = [
  'src',
  'templates',
  'docs',
  'package.json',
  'tsconfig.json',
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'LICENSE',
];

/** The package, installed into an empty prefix. */
export type Installed = {
  /** The directory of the package below the prefix. */
  readonly directory: string;
  /** Every file that npm packed, from the package's root. */
  readonly files: readonly string[];
  /** Runs the installed command; a failure is no exception. */
  readonly kraftSlim: (
    args: readonly string[],
    cwd: string,
  ) => Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
};

/** Packs the sources of this checkout in a directory that has no build, and installs the packed file elsewhere. */
export async function installPackage(top: TemporaryDirectory): Promise<Installed> {
  const from = join(top.path, 'sources');
  for (const name of [...SOURCES, 'test/package'])
    await cp(join(ROOT, name), join(from, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(from, 'node_modules'));
  const packed = await npm(['pack', '--json', '--pack-destination', top.path], from);
  // what a script of the package prints comes before the document
  const [{ filename, files }] = JSON.parse(packed.slice(packed.indexOf('[\n'))) as [
    { filename: string; files: { path: string }[] },
  ];
  const prefix = join(top.path, 'prefix');
  await mkdir(prefix);
  const quiet = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await npm(['install', '--prefix', prefix, ...quiet, join(top.path, filename)], prefix);
  const command = join(prefix, 'node_modules/.bin/kraft-slim');
  return {
    directory: join(prefix, 'node_modules/kraft-slim'),
    files: files.map(({ path }) => path),
    kraftSlim: async (args, cwd) =>
      await run(command, args, { cwd, env: { ...process.env, FORCE_COLOR: '0' } }).then(
        ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
        ({ code, stdout, stderr }) => ({ exitCode: code, stdout, stderr }),
      ),
  };
}

/** The version that this checkout has. */
export async function versionOf(): Promise<string> {
  return (JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
  // npm exports the settings of the script that runs the tests: their prefix is not meant here
  const kept = /^npm_(?!config_(registry|cache|userconfig|globalconfig)$)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !kept.test(name)));
  const { stdout } = await run('npm', args, { cwd, env, maxBuffer: 64 * 1024 ** 2 });
  return stdout;
}
