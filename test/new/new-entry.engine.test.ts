import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entryRows } from '../../src/catalog/entry-table.ts';
import { scopeOfRun } from '../../src/shared/scope.ts';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { docker } from '../support/docker.ts';
import { runEntry } from '../support/run-entry.ts';
import { schemaFaults } from '../support/schemas.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const FIXTURES = join(import.meta.dirname, '../../catalog-fixtures');
/** Two clones make their images on one engine. */
const REPOSITORY = `kraft-${scopeOfRun().name}`;

/** In the way of the official images' own. */
const ENTRYPOINT = `#!/bin/sh
set -e

if [ "\${1#-}" != "$1" ]; then
  set -- nginx "$@"
fi
if [ "$1" = "nginx" ] && [ -z "\${QUIET:-}" ]; then
  find /docker-entrypoint.d -type f -name '*.sh' 2>/dev/null | sort | while read -r file; do
    echo "$0: $file"
    "$file"
  done
fi

exec "$@"
`;

let catalog: Catalog;

beforeAll(async () => {
  const entrypoint = [
    'COPY docker-entrypoint.sh /docker-entrypoint.sh',
    'ENTRYPOINT ["/docker-entrypoint.sh"]',
  ];
  await image('nginx:1.22.1', 'library/nginx/1.22', [...entrypoint, 'EXPOSE 80', 'CMD ["nginx"]']);
  await image('redis:7.0', 'library/redis/7.0', [
    ...entrypoint,
    'EXPOSE 6379',
    'CMD ["redis-server", "/etc/redis/redis.conf"]',
  ]);
  await image('app:1.0', 'library/python/3.11', [
    'WORKDIR /app',
    'EXPOSE 8080',
    'CMD exec python3.11 server.py',
  ]);
  catalog = await fixtureCatalog({
    'library/nginx': null,
    'library/redis': null,
    '.github/workflows/library-nginx1.22.yaml': null,
  });
});
afterAll(async () => {
  await catalog?.[Symbol.asyncDispose]();
  for (const name of ['nginx:1.22.1', 'redis:7.0', 'app:1.0']) {
    await docker(['image', 'rm', '--force', `${REPOSITORY}/${name}`]);
  }
});

/** An image of a fixture's programs and files, with more lines. */
async function image(name: string, fixture: string, lines: readonly string[]): Promise<void> {
  await using directory = await temporaryDirectory();
  await cp(join(FIXTURES, fixture), directory.path, { recursive: true });
  await writeFile(join(directory.path, 'docker-entrypoint.sh'), ENTRYPOINT, { mode: 0o755 });
  const own = await readFile(join(directory.path, 'Dockerfile'), 'utf8');
  await writeFile(join(directory.path, 'Dockerfile'), `${own}\n${lines.join('\n')}\n`);
  const words = ['build', '--quiet', '--network', 'host', '--tag', `${REPOSITORY}/${name}`, directory.path];
  await docker(words, { DOCKER_BUILDKIT: '1' });
}

async function make(...args: string[]) {
  const { document, exitCode } = await runJson(['new', ...args], { cwd: catalog.path });
  return { document, exitCode, faults: schemaFaults(document) };
}

/** What a linter says of an entry, errors and warnings. */
async function findingsIn(entry: string): Promise<unknown[]> {
  const { document } = await runJson(['check', entry], { cwd: catalog.path });
  const findings = document.findings as readonly { severity: string; code: string; message: string }[];
  return findings.filter(({ severity }) => severity !== 'note');
}

test('an entry is made from nginx behind an entrypoint script', async () => {
  const { document, exitCode, faults } = await make(`${REPOSITORY}/nginx:1.22.1`);
  expect(faults).toEqual([]);
  expect(document).toMatchObject({
    entry: 'library/nginx/1.22',
    argv: ['/usr/sbin/nginx'],
    through: ['/docker-entrypoint.sh'],
    written: ['library/nginx/1.22', '.github/workflows/library-nginx1.22.yaml'],
    result: {
      reason: null,
      status: 'slimmed',
      verified: true,
      class: 'library',
      workload: { source: 'readme' },
    },
  });
  expect(exitCode).toBe(0);
  const readme = await catalog.read('library/nginx/1.22/README.md');
  expect(readme).toContain('-p 8080:80 ');
  expect(readme).toContain('```bash\ncurl localhost:8080\n```');
  const rows = entryRows(await catalog.read('README.md')).map(({ entry }) => entry);
  expect(rows.filter((entry) => entry === 'library/nginx/1.22')).toHaveLength(1);
  expect(await findingsIn('library/nginx/1.22')).toEqual([]);
  expect(await runEntry(catalog, 'verify', 'library/nginx/1.22')).toMatchObject({
    status: 'unchanged',
    verified: true,
  });
});

test('an entry is made from redis, and used by its own client', async () => {
  const { document, faults } = await make(`${REPOSITORY}/redis:7.0`);
  expect(faults).toEqual([]);
  expect(document).toMatchObject({
    entry: 'library/redis/7.0',
    argv: ['/usr/bin/redis-server', '/etc/redis/redis.conf'],
    result: {
      reason: null,
      verified: true,
      workload: {
        source: 'readme',
        probes: [
          { kind: 'client', passed: true },
          { kind: 'client', passed: true },
        ],
      },
    },
  });
  expect(await findingsIn('library/redis/7.0')).toEqual([]);
  expect(await runEntry(catalog, 'verify', 'library/redis/7.0')).toMatchObject({ verified: true });
});

test('an example is made from an app in Python, from its working directory', async () => {
  const { document, faults } = await make(`${REPOSITORY}/app:1.0`, '--example', '--name', 'http-python');
  expect(faults).toEqual([]);
  expect(document).toMatchObject({
    entry: 'examples/http-python',
    argv: ['/usr/bin/python3.11', '/app/server.py'],
    written: ['examples/http-python', 'README.md'],
    result: {
      reason: null,
      class: 'complete',
      verified: true,
      workload: { source: 'readme', probes: [{ kind: 'http' }] },
    },
  });
  expect(await catalog.read('examples/http-python/README.md')).toContain('```text\nHello from Python!\n```');
  expect(await findingsIn('examples/http-python')).toEqual([]);
  expect(await runEntry(catalog, 'verify', 'examples/http-python')).toMatchObject({ verified: true });
});

test('nothing is left of an entry whose program ends with a failure', async () => {
  const { document, exitCode } = await make(
    `${REPOSITORY}/app:1.0`,
    '--example',
    '--json',
    '--',
    'python3.11',
    '/nowhere.py',
  );
  expect(document).toMatchObject({ written: [], result: { status: 'failed' } });
  expect(exitCode).toBe(2);
  expect(existsSync(join(catalog.path, 'examples/app'))).toBe(false);
});

test('what is there is never overwritten', async () => {
  const { document, exitCode } = await make(`${REPOSITORY}/redis:7.0`, '--name', 'ruby', '--version', '3.1');
  expect(document).toMatchObject({ schema: 'kraft-slim/error/1', code: 'would-overwrite' });
  expect(exitCode).toBe(2);
});
