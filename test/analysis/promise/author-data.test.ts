import { describe, expect, test } from 'vitest';
import { authorFiles, stageDirectories, writtenData } from '../../../src/analysis/promise/author-data.ts';
import type { PromiseRule } from '../../../src/analysis/promise/rule.ts';
import type { TreeTable } from '../../support/memory-tree.ts';
import { promiseContext } from '../../support/promise-context.ts';

/** The files, links and empty directories that a rule keeps. */
async function keptBy(
  rule: PromiseRule,
  table: TreeTable,
  seen: Parameters<typeof promiseContext>[1],
): Promise<string[]> {
  const context = promiseContext(table, seen);
  const paths = await rule.needs(context);
  return paths.filter((path) => context.tree.list(path).length === 0).sort();
}

const REPOSITORY = {
  '/srv/git/a.git/HEAD': 'ref: refs/heads/master',
  '/srv/git/a.git/objects/12/34': 'x',
  '/srv/git/a.git/objects/56/78': 'x',
  '/srv/git/a.git/refs/tags': 'directory',
};

describe('data that the app writes', () => {
  test.each<[string, TreeTable, string[], string[]]>([
    [
      'is the directory of the file with all below it, up to where many owners meet',
      { '/var/lib/mysql/ibdata1': 'x', '/var/lib/mysql/mysql/user.MYD': 'x', '/var/lib/other/a': 'x' },
      ['/var/lib/mysql/sys/new.frm'],
      ['/var/lib/mysql/ibdata1', '/var/lib/mysql/mysql/user.MYD'],
    ],
    [
      'is a repository with its empty directories',
      REPOSITORY,
      ['/srv/git/a.git/HEAD'],
      Object.keys(REPOSITORY),
    ],
    [
      'is found through links',
      { '/data/a': 'x', '/app/data': 'symlink /data' },
      ['/app/data/new'],
      ['/data/a'],
    ],
    [
      'of a directory of packages is what no package owns',
      { '/usr/share/wiki/index.php': 'x', '/usr/share/wiki/upload.png': 'x', '/usr/share/other': 'x' },
      ['/usr/share/wiki/new.png'],
      ['/usr/share/wiki/upload.png'],
    ],
    [
      'in the tree of a build is the directory alone, less what a compiler reads',
      { '/project/data.db': 'x', '/project/main.c': 'x', '/project/sub/b': 'x' },
      ['/project/data.db'],
      ['/project/data.db'],
    ],
  ])('%s', async (_, table, written, kept) => {
    const packages = { wiki: ['/usr/share/wiki/index.php'] };
    expect(await keptBy(writtenData, table, { written, packages })).toEqual(kept.sort());
  });

  test.each([
    '/tmp/app/x',
    '/run/app/x',
    '/var/log/app/x',
    '/var/cache/app/x',
    '/etc/x',
    '/usr/lib/x',
    '/root/x',
    '/x',
    '/srv/app/app.pid',
    '/srv/app/app.log',
    '/srv/app/__pycache__/a.pyc',
    '/srv/app/node_modules/a/x',
    '/usr/lib/python3.11/x',
    '/opt/venv/lib/python3.11/site-packages/a/x',
  ])('is nothing where it writes %s', async (path) => {
    const neighbour = path.replace(/[^/]+$/, 'neighbour');
    expect(await keptBy(writtenData, { [path]: 'x', [neighbour]: 'x' }, { written: [path] })).toEqual([]);
  });

  test('ends below a directory with files of a package', async () => {
    const table = {
      '/usr/share/wiki/index.php': 'x',
      '/usr/share/wiki/made.php': 'x',
      '/usr/share/wiki/uploads/a.png': 'x',
    };
    const packages = { wiki: ['/usr/share/wiki/index.php'] };
    const written = ['/usr/share/wiki/uploads/new.png'];
    expect(await keptBy(writtenData, table, { written, packages })).toEqual([
      '/usr/share/wiki/uploads/a.png',
    ]);
  });

  test('leaves what a package manager governs behind, and keeps the reflog of a repository', async () => {
    const table = {
      '/srv/app/data.db': 'x',
      '/srv/app/.git/logs/HEAD': 'x',
      '/srv/app/node_modules/a/a.js': 'x',
      '/srv/app/view.html': 'x',
    };
    expect(await keptBy(writtenData, table, { written: ['/srv/app/data.db'] })).toEqual([
      '/srv/app/.git/logs/HEAD',
      '/srv/app/data.db',
      '/srv/app/view.html',
    ]);
  });
});

describe('files of the author', () => {
  const SITE = { '/www/index.html': 'x', '/www/about.html': 'x', '/www/assets/app.js': 'x' };

  test('are whole where the app has opened any of them', async () => {
    expect(await keptBy(authorFiles, SITE, { opened: ['/www/index.html'] })).toEqual(
      Object.keys(SITE).sort(),
    );
  });

  test('are whole where the app has listed their directory', async () => {
    expect(await keptBy(authorFiles, SITE, { listed: ['/www/assets'] })).toEqual(Object.keys(SITE).sort());
  });

  test('are those around a link that the app went through', async () => {
    const table = {
      '/var/lib/graph/data': 'symlink /data',
      '/var/lib/graph/plugins/one.txt': 'x',
      '/data/store': 'x',
    };
    expect(await keptBy(authorFiles, table, { opened: ['/var/lib/graph/data/store'] })).toEqual(
      Object.keys(table).sort(),
    );
  });

  test.each<[string, TreeTable, Parameters<typeof promiseContext>[1]]>([
    ['the app has touched none', SITE, { opened: ['/other/a'] }],
    ['they are the base image’s', SITE, { opened: ['/www/index.html'], base: Object.keys(SITE) }],
    [
      'a package owns what the app has touched',
      SITE,
      { opened: ['/www/index.html'], packages: { site: ['/www/index.html'] } },
    ],
    [
      'many owners meet in the directory',
      { '/usr/local/bin/a': 'x', '/usr/local/bin/b': 'x' },
      { opened: ['/usr/local/bin/a'] },
    ],
    [
      'they are links of alternatives',
      { '/etc/alternatives/a': 'symlink /b', '/etc/alternatives/c': 'x', '/b': 'x' },
      { opened: ['/etc/alternatives/a'] },
    ],
  ])('stay apart where %s', async (_, table, seen) => {
    expect(await keptBy(authorFiles, table, seen)).toEqual([]);
  });

  test('are no base image’s in a directory that was there', async () => {
    const seen = { opened: ['/www/index.html'], base: ['/www', '/www/about.html'] };
    expect(await keptBy(authorFiles, SITE, seen)).toEqual(['/www/assets/app.js', '/www/index.html']);
  });

  test('end below a directory of the base image', async () => {
    const table = { '/srv/app/site/a.html': 'x', '/srv/app/site/de/a.html': 'x', '/srv/app/other/b': 'x' };
    const seen = { opened: ['/srv/app/site/a.html'], base: ['/srv/app'] };
    expect(await keptBy(authorFiles, table, seen)).toEqual([
      '/srv/app/site/a.html',
      '/srv/app/site/de/a.html',
    ]);
  });

  test('end where a build tree begins', async () => {
    const table = {
      '/src/app/main.go': 'x',
      '/src/app/server': 'x',
      '/src/app/views/a.html': 'x',
      '/src/app/views/b.html': 'x',
    };
    expect(await keptBy(authorFiles, table, { opened: ['/src/app/views/a.html'] })).toEqual([
      '/src/app/views/a.html',
      '/src/app/views/b.html',
    ]);
  });
});

describe('a directory that a COPY line copies from another stage', () => {
  const SITE = { '/usr/share/site/index.html': 'x', '/usr/share/site/de/index.html': 'x' };

  test('is whole, touched or not', async () => {
    expect(await keptBy(stageDirectories, SITE, { copiedIn: ['/usr/share/site'] })).toEqual(
      Object.keys(SITE).sort(),
    );
  });

  test('adds nothing of a base image, of a package, or of a build', async () => {
    const base = ['/usr/share/site/index.html'];
    expect(await keptBy(stageDirectories, SITE, { copiedIn: ['/usr/share/site'], base })).toEqual([
      '/usr/share/site/de/index.html',
    ]);
    const packages = { site: Object.keys(SITE) };
    expect(await keptBy(stageDirectories, SITE, { copiedIn: ['/usr/share/site'], packages })).toEqual([]);
    const built = { '/build/a.o': 'x', '/build/sub/a.txt': 'x', '/build/run': 'x' };
    expect(await keptBy(stageDirectories, built, { copiedIn: ['/build'] })).toEqual(['/build/run']);
  });

  test('adds no empty directory of a package', async () => {
    const table = { '/etc/site/conf.d': 'directory', '/etc/site/made.d': 'directory' };
    const seen = { copiedIn: ['/etc/site'], packages: { site: ['/etc/site', '/etc/site/conf.d'] } };
    expect(await keptBy(stageDirectories, table, seen)).toEqual(['/etc/site/made.d']);
  });

  test('says nothing of a directory of many owners', async () => {
    expect(await keptBy(stageDirectories, { '/usr/local/bin/a': 'x' }, { copiedIn: ['/usr/local'] })).toEqual(
      [],
    );
  });
});
