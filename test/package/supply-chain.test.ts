import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VERSION } from '../../src/shared/version.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');

/** Packages with install scripts, and why kraft-slim works without what these do. */
const INSTALL_SCRIPTS: Readonly<Record<string, string>> = {
  'cpu-features': 'an optional addon of ssh2',
  'msgpackr-extract': 'an optional addon of msgpackr, which has a reader in JavaScript',
  protobufjs: 'its script compares version numbers and prints a warning',
  ssh2: 'its addon speeds up ciphers, which Node has too',
};

test('only packages that work without their install scripts have any', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
  };
  const found = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript === true ? [path.replace(/^.*node_modules\//, '')] : [],
  );
  expect(found.filter((name) => INSTALL_SCRIPTS[name] === undefined)).toEqual([]);
});

test('set-up and README install packages without their scripts', () => {
  for (const name of ['README.md', 'CONTRIBUTING.md', 'scripts/setup/node.sh']) {
    const commands = read(name).match(/^.*\bnpm ci (?:-|&&).*$/gm) ?? [];
    expect(commands.filter((line) => !line.includes('--ignore-scripts'))).toEqual([]);
  }
  expect(read('scripts/setup/node.sh')).toContain('npm ci --ignore-scripts');
});

test('the printed workflow pins each action by commit, the machine by its release and kraft-slim by version', () => {
  const text = read('templates/sweep-workflow.yaml');
  const actions = [...text.matchAll(/uses: (.*)$/gm)].map(([, action]) => action);
  expect(actions.length).toBeGreaterThan(5);
  for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  const packages = [...text.matchAll(/npx --yes (\S+)/g)].map(([, name]) => name);
  expect(packages.length).toBeGreaterThan(1);
  for (const name of packages) expect(name).toBe(`kraft-slim@${VERSION}`);
  expect(text).not.toMatch(/-latest$/m);
});
