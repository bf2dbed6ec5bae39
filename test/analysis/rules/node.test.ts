import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { node } from '../../../src/analysis/rules/node.ts';
import { heldBy, type LaunchTable, NOTHING_HELD } from './rule-context.ts';

const NODE = { '/usr/bin/node': 'an ELF file' };
const run = (tree: LaunchTable['tree'], args: string[], env = {}) =>
  heldBy(node, { tree: { ...NODE, ...tree }, program: '/usr/bin/node', args, env });

test('what the sources load is held, with each package.json that Node looks at, and nothing else', async () => {
  const { paths } = await run(
    {
      '/app/package.json': '{ "type": "commonjs" }',
      '/app/server.js': "require('a'); exports.late = () => require('./lib/late'); require('http');",
      '/app/lib/late.js': "require('fs').readFileSync(require('path').join(__dirname, '../text.txt'))",
      '/app/text.txt': 'text',
      '/app/unused.js': '',
      '/app/node_modules/a/package.json': '{ "name": "a", "main": "lib/a.js" }',
      '/app/node_modules/a/lib/a.js': '',
      '/app/node_modules/a/test/a.js': '',
    },
    ['/app/server.js'],
  );
  expect(paths).toEqual([
    '/app/lib/late.js',
    '/app/node_modules/a/lib/a.js',
    '/app/node_modules/a/package.json',
    '/app/package.json',
    '/app/server.js',
    '/app/text.txt',
  ]);
});

test('an application in / has its package.json and node_modules there', async () => {
  const { paths } = await run(
    {
      '/package.json': '{ "type": "module" }',
      '/server.js': "import 'b'; import '/opt/shared.js';",
      '/opt/shared.js': '',
      '/node_modules/b/package.json': '{ "exports": { "module-sync": "./sync.js", "import": "./b.js" } }',
      '/node_modules/b/b.js': '',
      '/node_modules/b/sync.js': '',
    },
    ['server.js'],
  );
  expect(paths).toEqual([
    '/node_modules/b/b.js',
    '/node_modules/b/package.json',
    '/node_modules/b/sync.js',
    '/opt/shared.js',
    '/package.json',
    '/server.js',
  ]);
});

test('a directory that the sources name is held with its files; the root of the tree is not', async () => {
  const { paths } = await run(
    {
      '/srv/app.js': [
        "const path = require('path'); const fs = require('fs');",
        "app.set('views', path.join(__dirname, 'views'));",
        "fs.readdirSync('/'); fs.readdirSync('/etc'); fs.readdirSync(process.cwd());",
        'require("./plugins/" + name + ".js");',
      ].join('\n'),
      '/srv/views/a.html': '',
      '/srv/views/deep/[b].html': '',
      '/srv/plugins/one.js': '',
      '/srv/plugins/notes.md': '',
      '/etc/secret': '',
    },
    ['/srv/app.js'],
  );
  expect(paths).toEqual([
    '/srv/app.js',
    '/srv/plugins/one.js',
    '/srv/views/a.html',
    '/srv/views/deep/[b].html',
  ]);
});

describe('native modules are held as libraries', () => {
  const native = (source: string, files: Record<string, string>) =>
    run(
      {
        '/app.js': "require('n')",
        '/node_modules/n/package.json':
          '{ "main": "index.js", "binary": { "module_name": "n", "module_path": "./x" } }',
        '/node_modules/n/index.js': source,
        ...files,
      },
      ['/app.js'],
    );

  test('bindings', async () => {
    const file = '/node_modules/n/build/Release/n.node';
    expect((await native("require('bindings')('n')", { [file]: '' })).libraries).toEqual([file]);
  });

  test('node-gyp-build, for this system and C library', async () => {
    const at = (name: string) => `/node_modules/n/prebuilds/${name}`;
    const files = {
      [at('darwin-x64/n.node')]: '',
      [at('linux-x64/n.musl.node')]: '',
      [at('linux-x64/n.glibc.node')]: '',
      '/node_modules/n/package-lock.json': '',
    };
    const { libraries } = await native("require('node-gyp-build')(__dirname)", files);
    expect(libraries).toEqual([at('linux-x64/n.glibc.node')]);
  });

  test('node-pre-gyp', async () => {
    const file = '/node_modules/n/lib/binding/napi-v3/n.node';
    const source =
      "const p = require('@mapbox/node-pre-gyp'); require(p.find(require('path').resolve(__dirname, './package.json')))";
    expect((await native(source, { [file]: '' })).libraries).toEqual([file]);
  });
});

test.each([
  [
    ['--import=/pre.mjs', '/main.js', '/other.js'],
    ['/main.js', '/pre.mjs'],
  ],
  [
    ['-r', './pre', '-C', '/other.js', 'main'],
    ['/main.js', '/pre.mjs'],
  ],
  [['directory'], ['/directory/package.json', '/directory/start.js']],
  [['-e', '1', '/main.js'], []],
  [['/missing.js'], []],
  [[], []],
])('%j starts %j', async (args, expected) => {
  const tree = {
    '/main.js': '',
    '/other.js': '',
    '/pre.mjs': '',
    '/directory/package.json': '{ "main": "start" }',
    '/directory/start.js': '',
  };
  expect((await run(tree, args)).paths).toEqual(expected);
});

test('NODE_OPTIONS name modules too, and a source that cannot be parsed is held alone', async () => {
  const tree = { '/pre.js': '', '/main.js': 'this is { no program' };
  const { paths } = await run(tree, ['/main.js'], { NODE_OPTIONS: '--require /pre.js' });
  expect(paths).toEqual(['/main.js', '/pre.js']);
});

test('links are followed, absolute ones within the tree', async () => {
  const { paths } = await run(
    {
      '/app/main.js': "require('l')",
      '/app/node_modules/l': 'symlink /store/l',
      '/store/l/index.js': "require('./other')",
      '/store/l/other.js': '',
    },
    ['/app/main.js'],
  );
  expect(paths).toEqual(['/app/main.js', '/app/node_modules/l', '/store/l/index.js', '/store/l/other.js']);
});

test("Debian's node does not start without the modules that its libnode names", async () => {
  const file = '/usr/share/nodejs/cjs-module-lexer/lexer.js';
  const names = [file, '/usr/share/nodejs/gone.js'].join('\0');
  const tree = { ...NODE, '/usr/lib/libnode.so.108': `${'x'.repeat(2_000_000)}${names}\0`, [file]: '' };
  const launch = { tree, program: '/usr/bin/node', objects: ['/usr/lib/libnode.so.108'] };
  expect((await heldBy(node, launch)).paths).toEqual([file]);
});

test('another program holds nothing', async () => {
  expect(await heldBy(node, { tree: { '/a.js': '' }, args: ['/a.js'] })).toEqual(NOTHING_HELD);
});

describe('a host that has files of the same paths', () => {
  const host = join(tmpdir(), `kraft-slim-node-rule-${process.pid}`);
  const ran = () => (globalThis as { kraftSlimRan?: boolean }).kraftSlimRan;

  beforeEach(() => {
    mkdirSync(join(host, 'views'), { recursive: true });
    mkdirSync(join(host, 'build/Release'), { recursive: true });
    mkdirSync(join(host, 'node_modules/node-gyp-build'), { recursive: true });
    writeFileSync(join(host, 'main.js'), "require('./host-only')");
    writeFileSync(join(host, 'host-only.js'), '');
    writeFileSync(join(host, 'views/host.html'), '');
    writeFileSync(join(host, 'build/Release/host.node'), '');
    writeFileSync(join(host, 'package.json'), '{ "name": "host", "binary": { "module_name": "host" } }');
    writeFileSync(join(host, 'node_modules/node-gyp-build/index.js'), 'globalThis.kraftSlimRan = true;');
  });
  afterEach(() => rmSync(host, { recursive: true }));

  test('has no part in what is held, and none of it is run', async () => {
    const source = [
      "const path = require('path'); const fs = require('fs');",
      "require('./host-only'); require('./inside');",
      "fs.readdirSync(path.join(__dirname, 'views')); fs.readdirSync(path.join(__dirname, 'empty'));",
      `fs.readFileSync('${host}/views/host.html');`,
      "require('bindings')('host'); require('node-gyp-build')(__dirname);",
      `require('node-gyp-build')('${host}'); require('node-gyp-build')('.');`,
      `require('@mapbox/node-pre-gyp').find('${host}/package.json');`,
      `require(require('resolve-from')('${host}', './host-only'));`,
      `require('nbind').init('${host}');`,
    ].join('\n');
    const { paths, libraries } = await run(
      {
        [`${host}/main.js`]: source,
        [`${host}/inside.js`]: '',
        [`${host}/views/tree.html`]: '',
        [`${host}/empty`]: 'directory',
      },
      [`${host}/main.js`],
    );
    expect(paths).toEqual([`${host}/inside.js`, `${host}/main.js`, `${host}/views/tree.html`]);
    expect(libraries).toEqual([]);
    expect(ran()).toBeUndefined();
  });

  test('would be run by nft as it is', async () => {
    const load = createRequire(import.meta.url);
    const home = dirname(load.resolve('@vercel/nft'));
    for (const path of Object.keys(load.cache)) if (path.startsWith(home)) delete load.cache[path];
    const { nodeFileTrace } = load('@vercel/nft') as typeof import('@vercel/nft');
    await nodeFileTrace(['/main.js'], {
      base: '/',
      readFile: async () => `require('node-gyp-build')('${host}')`,
      stat: async () => null,
      readlink: async () => null,
    });
    expect(ran()).toBe(true);
    delete (globalThis as { kraftSlimRan?: boolean }).kraftSlimRan;
  });
});
