import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import { PROMISES } from '../src/shared/promises.ts';
import type { Result } from '../src/slim/result.ts';
import { type Catalog, fixtureCatalog } from '../test/support/catalog.ts';
import { runJson } from '../test/support/cli.ts';
import { fullImage } from '../test/support/full-image.ts';
import { DATABASES, handMadeBytes } from '../test/support/hand-made.ts';

/** Entries, and what an author who makes their root file system by hand copies, beside what `ldd` names for it. */
const ENTRIES: readonly (readonly [entry: string, paths: readonly string[]])[] = [
  ['library/python/3.11', ['/usr/bin/python3.11', '/usr/lib/python3.11']],
  ['library/ruby/3.1', ['/usr/bin/ruby3.1', '/usr/lib/ruby', '/usr/lib/x86_64-linux-gnu/ruby']],
  [
    'library/perl/5.36',
    [
      '/usr/bin/perl',
      '/usr/share/perl',
      '/usr/lib/x86_64-linux-gnu/perl',
      '/usr/lib/x86_64-linux-gnu/perl-base',
    ],
  ],
  ['library/php/8.2', ['/usr/bin/php8.2', '/usr/lib/php', '/etc/php']],
  ['library/node/18', ['/usr/bin/node', '/usr/share/nodejs']],
  ['library/lua/5.4', ['/usr/bin/lua5.4', '/usr/share/lua', '/usr/lib/x86_64-linux-gnu/lua']],
  ['library/nginx/1.22', ['/usr/sbin/nginx', '/etc/nginx', '/usr/share/nginx', '/usr/lib/nginx']],
  ['library/haproxy/2.6', ['/usr/sbin/haproxy', '/etc/haproxy']],
  ['library/redis/7.0', ['/usr/bin/redis-server', '/etc/redis']],
  ['library/memcached/1.6', ['/usr/bin/memcached']],
  ['library/mariadb/10.11', ['/usr/sbin/mariadbd', '/usr/share/mysql', '/usr/lib/mysql', '/var/lib/mysql']],
  ['library/sqlite/3.40', ['/usr/bin/sqlite3']],
  ['examples/flask-python3.11', ['/usr/bin/python3.11', '/usr/lib/python3.11', '/usr/lib/python3', '/app']],
];

const megabytes = (bytes: number | undefined) => (bytes === undefined ? '-' : (bytes / 1e6).toFixed(1));

async function slimmedFor(catalog: Catalog, entry: string, promise: string): Promise<Result> {
  const settings = `build:\n  network: host\npromise: ${promise}\n`;
  await writeFile(join(catalog.path, entry, 'kraft-slim.yaml'), settings);
  const { document } = await runJson([entry, '--dry-run', '--redo'], { cwd: catalog.path });
  return document as unknown as Result;
}

test.each(ENTRIES)('%s, promise by promise', async (entry, paths) => {
  await using catalog = await fixtureCatalog();
  await using image = await fullImage(catalog, entry);
  const byHand = await handMadeBytes(image, paths);
  const withDatabases = await handMadeBytes(image, [...paths, ...DATABASES]);
  const results: Result[] = [];
  for (const promise of PROMISES) results.push(await slimmedFor(catalog, entry, promise));
  const full = megabytes(results[0]?.before?.bytes);
  const kept = results.map(({ after, code }) => code ?? megabytes(after?.bytes));
  const cells = [`\`${entry}\``, full, ...kept, megabytes(byHand), megabytes(withDatabases)];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
});
