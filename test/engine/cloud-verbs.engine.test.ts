import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RefreshResult } from '../../src/refresh/report.ts';
import { type Catalog, cloudCatalog } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { git } from '../support/git.ts';
import { type ImageRegistry, imageRegistry } from '../support/image-registry.ts';

let registry: ImageRegistry;
let catalog: Catalog;

const NAMES = ['greeting-hello1.0', 'greeting-hello1.0-bare', 'parting'];

// the test follows one registry and one catalog
beforeAll(async () => {
  registry = await imageRegistry();
  await push('1.0');
  const from = `FROM ${registry.host}/hello:1.0-bookworm\n`;
  const readme = (name: string) =>
    `# ${name}\n\n\`\`\`bash\nunikraft run --metro fra -m 64M --image <my-org>/${name}:latest\n\`\`\`\n`;
  catalog = await cloudCatalog({
    '.gitignore': '/.kraft-slim/\n',
    'greeting-hello1.0/Kraftfile':
      'spec: v0.7\n\nruntime: base-compat:latest\n\nlabels:\n  cloud.unikraft.v1.instances/scale_to_zero.policy: "on"\n\nrootfs:\n  source: ./Dockerfile\n  format: erofs\n\ncmd: ["/usr/bin/cat", "/usr/share/text"]\n',
    'greeting-hello1.0/Dockerfile': from,
    'greeting-hello1.0/README.md': readme('greeting-hello1.0'),
    'greeting-hello1.0-bare/Dockerfile': `${from}CMD ["/usr/bin/cat", "/usr/share/text"]\n`,
    'greeting-hello1.0-bare/README.md': readme('greeting-hello1.0-bare'),
    'parting/Kraftfile':
      'spec: v0.6\n\nruntime: base-compat:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/usr/bin/cat", "/usr/share/text"]\n',
    'parting/Dockerfile': from,
    'parting/README.md': readme('parting'),
    'parting/RunConfig.yaml':
      'RunMetadata:\n  Memory: 64\n  ExposedPort: 0\n\nTestingType: no-command\nExpectedOutput:\n  - "hello says 1.0"\n',
  });
  await git(catalog.path, 'branch', '--move', 'main');
});
afterAll(async () => {
  await catalog?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
});

async function push(version: string): Promise<void> {
  const files = { '/usr/share/text': `hello says ${version}\n`, '/usr/share/waste': 'waste\n' };
  await registry.push(`hello:${version}-bookworm`, { files });
}

async function run(...args: string[]) {
  return await runJson(args, { cwd: catalog.path });
}

test('a catalog of the cloud is swept, checked, migrated, refreshed and put forward', async () => {
  const swept = await run('sweep');
  const results = swept.document.results as { entry: string; status: string; verified: boolean }[];
  expect(results.map(({ entry, status, verified }) => [entry, status, verified]).sort()).toEqual(
    NAMES.map((name) => [name, 'slimmed', true]),
  );
  await catalog.commit();

  const checked = await run('check');
  expect(checked.document.findings).not.toContainEqual(expect.objectContaining({ severity: 'error' }));

  const migrated = await run('migrate', '--to', 'v0.7');
  expect(migrated.document.results).toContainEqual(
    expect.objectContaining({ entry: 'parting', status: 'migrated' }),
  );
  await catalog.commit();

  await push('1.2');
  await catalog.write({
    'kraft-slim.yaml': `entries:\n  "parting":\n    refresh: { images: { "${registry.host}/hello": { inPlace: true } } }\n`,
    'parting/RunConfig.yaml': (text) => text.replace('1.0', '1.'),
  });
  await catalog.commit();
  const refreshed = await run('refresh', '--all');
  const outcomes = (refreshed.document.results as readonly RefreshResult[]).map(
    ({ entry, status, made, result }) => [entry, status, made, result?.verified],
  );
  expect(outcomes.sort()).toEqual([
    ['greeting-hello1.0', 'made', 'greeting-hello1.2', true],
    ['greeting-hello1.0-bare', 'made', 'greeting-hello1.2-bare', true],
    ['parting', 'redone', null, true],
  ]);
  expect(await catalog.read('parting/Dockerfile')).toContain('/hello:1.2-bookworm');

  const put = await run('pr', 'parting', 'greeting-hello1.2', 'greeting-hello1.2-bare');
  const branches = put.document.branches as { branch: string; body: string }[];
  expect(branches.map(({ branch }) => branch)).toEqual(
    ['parting', 'greeting-hello1.2', 'greeting-hello1.2-bare'].map((name) => `kraft-slim/${name}`),
  );
  for (const { branch, body } of branches) {
    expect(body).toContain(`- \`${registry.host}/hello:1.2-bookworm\`, whose labels name no source`);
    await git(catalog.path, 'merge-tree', '--write-tree', 'main', branch);
  }
});
