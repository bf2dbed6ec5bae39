import { describe, expect, test } from 'vitest';
import { wholePackages } from '../../../src/analysis/promise/whole-packages.ts';
import type { TreeTable } from '../../support/memory-tree.ts';
import { dpkg, keptBy } from './runtime-context.ts';

const SITE = '/usr/lib/python3/dist-packages';
const PYTHON = { program: '/usr/bin/python3.11', tree: { '/usr/lib/python3.11/os.py': '' } } as const;

describe('a package of dpkg', () => {
  const tree = {
    ...PYTHON.tree,
    ...dpkg({
      'python3-moon': {
        files: [
          `${SITE}/moon/__init__.py`,
          `${SITE}/moon/lazy.py`,
          '/usr/share/moon/phases.json',
          '/usr/bin/moon',
          '/usr/lib/x86_64-linux-gnu/libmoon.so.1',
        ],
        depends: 'libc6 (>= 2.3), python3-tide:any | python3-other',
      },
      libc6: { files: ['/usr/lib/x86_64-linux-gnu/libc.so.6'], depends: 'python3-deep' },
      'python3-tide': { files: [`${SITE}/tide.py`] },
      'python3-deep': { files: [`${SITE}/deep.py`] },
      'python3-unused': { files: [`${SITE}/unused.py`] },
    }),
  };

  test('of which a module is read stays whole, with its data and what it needs', async () => {
    const opened = [`${SITE}/moon/__init__.py`];
    expect(await keptBy(wholePackages, { ...PYTHON, tree, opened })).toEqual([
      `${SITE}/deep.py`,
      `${SITE}/moon/__init__.py`,
      `${SITE}/moon/lazy.py`,
      `${SITE}/tide.py`,
      '/usr/share/moon/phases.json',
    ]);
  });

  test('of which nothing is read goes', async () => {
    expect(await keptBy(wholePackages, { ...PYTHON, tree })).toEqual([]);
  });

  test('is no matter of an app without its interpreter', async () => {
    const opened = [`${SITE}/moon/__init__.py`];
    expect(await keptBy(wholePackages, { program: '/usr/sbin/nginx', tree, opened })).toEqual([]);
  });

  test('that every start reads a .pth of is not read for that', async () => {
    const setuptools = dpkg({
      'python3-setuptools': {
        files: [
          `${SITE}/distutils-precedence.pth`,
          `${SITE}/_distutils_hack/__init__.py`,
          `${SITE}/setuptools.py`,
        ],
      },
    });
    const opened = [`${SITE}/distutils-precedence.pth`, `${SITE}/_distutils_hack/__init__.py`];
    expect(await keptBy(wholePackages, { ...PYTHON, tree: { ...tree, ...setuptools }, opened })).toEqual([]);
  });
});

test('a file of a package has the name by which its interpreter opens it', async () => {
  const tree = {
    '/usr/lib/x86_64-linux-gnu/perl-base/strict.pm': '',
    '/usr/lib/x86_64-linux-gnu/perl-base/Config.pm': "    privlibexp => '/usr/share/perl/5.36',\n",
    '/usr/share/perl/5.36': 'symlink 5.36.0',
    ...dpkg({
      'perl-modules-5.36': {
        files: ['/usr/share/perl/5.36.0/Benchmark.pm', '/usr/share/perl/5.36.0/strict.pm'],
      },
    }),
  };
  const opened = ['/usr/share/perl/5.36.0/Benchmark.pm'];
  expect(await keptBy(wholePackages, { program: '/usr/bin/perl', tree, opened })).toEqual([
    '/usr/share/perl/5.36/Benchmark.pm',
  ]);
});

type Manager = {
  readonly program: string;
  readonly tree: TreeTable;
  readonly opened: readonly string[];
  readonly kept: readonly string[];
};

const RUBY = 'CONFIG["rubylibdir"] = "/usr/local/lib/ruby/3.3.0"\n';
const GEMS = '/usr/local/bundle';
const PIP = '/app/env/lib/python3.11/site-packages';
const PERL_SITE = '/usr/local/lib/perl5/site_perl/5.42.0';
const R_SITE = '/usr/local/lib/R/site-library';

const MANAGERS: Readonly<Record<string, Manager>> = {
  pip: {
    program: PYTHON.program,
    tree: {
      ...PYTHON.tree,
      [`${PIP}/flask/__init__.py`]: '',
      [`${PIP}/flask/json/tag.py`]: '',
      [`${PIP}/flask.libs/libz.so`]: '',
      [`${PIP}/Flask-3.0.dist-info/METADATA`]:
        'Name: Flask\nRequires-Dist: Jinja2 (>=3)\nRequires-Dist: extra-one ; extra == "dev"\n\nName: no\n',
      [`${PIP}/Flask-3.0.dist-info/RECORD`]:
        'flask/__init__.py,sha256=x,1\nflask/json/tag.py,,\n"flask.libs/libz.so",,\n../../../bin/flask,,\nFlask-3.0.dist-info/METADATA,,\n',
      '/app/env/bin/flask': '',
      [`${PIP}/jinja2/loaders.py`]: '',
      [`${PIP}/jinja2-3.1.dist-info/METADATA`]: 'Name: Jinja2\n',
      [`${PIP}/jinja2-3.1.dist-info/RECORD`]: 'jinja2/loaders.py,,\n',
      [`${PIP}/extra_one.py`]: '',
      [`${PIP}/extra_one-1.dist-info/METADATA`]: 'Name: extra_one\n',
      [`${PIP}/extra_one-1.dist-info/RECORD`]: 'extra_one.py,,\n',
    },
    opened: [`${PIP}/flask/__init__.py`],
    kept: [
      `${PIP}/Flask-3.0.dist-info/METADATA`,
      `${PIP}/Flask-3.0.dist-info/RECORD`,
      `${PIP}/flask.libs/libz.so`,
      `${PIP}/flask/__init__.py`,
      `${PIP}/flask/json/tag.py`,
      `${PIP}/jinja2-3.1.dist-info/METADATA`,
      `${PIP}/jinja2-3.1.dist-info/RECORD`,
      `${PIP}/jinja2/loaders.py`,
    ],
  },
  npm: {
    program: '/usr/bin/node',
    tree: {
      '/app/node_modules/express/package.json': '{"dependencies":{"@types/qs":"1","missing":"1"}}',
      '/app/node_modules/express/lib/late.js': '',
      '/app/node_modules/express/node_modules/debug/package.json': '{}',
      '/app/node_modules/express/node_modules/debug/index.js': '',
      '/app/node_modules/@types/qs/package.json': 'no json',
      '/app/node_modules/@types/qs/index.js': '',
      '/app/node_modules/mocha/package.json': '{}',
    },
    opened: ['/app/node_modules/express/package.json'],
    kept: [
      '/app/node_modules/@types/qs/index.js',
      '/app/node_modules/@types/qs/package.json',
      '/app/node_modules/express/lib/late.js',
      '/app/node_modules/express/package.json',
    ],
  },
  'npm of Debian': {
    program: '/usr/bin/node',
    tree: {
      ...dpkg({
        'node-express': {
          files: ['/usr/share/nodejs/express/package.json', '/usr/share/nodejs/express/index.js'],
          depends: 'node-core-js',
        },
        'node-core-js': { files: ['/usr/share/nodejs/core-js/package.json'] },
      }),
      '/usr/share/nodejs/express/package.json': '{"dependencies":{"qs":"1"}}',
      '/usr/share/nodejs/qs/package.json': '{}',
    },
    opened: ['/usr/share/nodejs/express/index.js'],
    kept: [
      '/usr/share/nodejs/express/index.js',
      '/usr/share/nodejs/express/package.json',
      '/usr/share/nodejs/qs/package.json',
    ],
  },
  gem: {
    program: '/usr/local/bin/ruby',
    tree: {
      '/usr/local/lib/ruby/3.3.0/x86_64-linux/rbconfig.rb': RUBY,
      [`${GEMS}/specifications/sinatra-4.0.gemspec`]: 's.add_runtime_dependency(%q<rack>.freeze, ["~> 3"])',
      [`${GEMS}/gems/sinatra-4.0/lib/sinatra/late.rb`]: '',
      [`${GEMS}/specifications/rack-3.1.2-x86_64-linux.gemspec`]: '',
      [`${GEMS}/gems/rack-3.1.2-x86_64-linux/lib/rack/files.rb`]: '',
      [`${GEMS}/extensions/x86_64-linux/3.3.0/rack-3.1.2-x86_64-linux/rack.so`]: '',
      [`${GEMS}/specifications/rspec-3.0.gemspec`]: '',
      [`${GEMS}/gems/rspec-3.0/lib/rspec.rb`]: '',
    },
    opened: [`${GEMS}/specifications/sinatra-4.0.gemspec`],
    kept: [
      `${GEMS}/extensions/x86_64-linux/3.3.0/rack-3.1.2-x86_64-linux/rack.so`,
      `${GEMS}/gems/rack-3.1.2-x86_64-linux/lib/rack/files.rb`,
      `${GEMS}/gems/sinatra-4.0/lib/sinatra/late.rb`,
      `${GEMS}/specifications/rack-3.1.2-x86_64-linux.gemspec`,
      `${GEMS}/specifications/sinatra-4.0.gemspec`,
    ],
  },
  composer: {
    program: '/usr/bin/php8.2',
    tree: {
      '/app/vendor/autoload.php': '',
      '/app/vendor/composer/ClassLoader.php': '',
      '/app/vendor/composer/installed.json': JSON.stringify({
        packages: [
          { name: 'a/b', 'install-path': '../a/b', require: { php: '>=8', 'c/d': '1' } },
          { name: 'c/d', 'install-path': '../c/d' },
          { name: 'e/f', 'install-path': '../e/f' },
        ],
      }),
      '/app/vendor/a/b/src/A.php': '',
      '/app/vendor/a/b/src/Late.php': '',
      '/app/vendor/c/d/D.php': '',
      '/app/vendor/e/f/F.php': '',
    },
    opened: ['/app/vendor/a/b/src/A.php'],
    kept: [
      '/app/vendor/a/b/src/A.php',
      '/app/vendor/a/b/src/Late.php',
      '/app/vendor/autoload.php',
      '/app/vendor/c/d/D.php',
      '/app/vendor/composer/ClassLoader.php',
      '/app/vendor/composer/installed.json',
    ],
  },
  'cpan, by its packlist': {
    program: '/usr/local/bin/perl',
    tree: {
      '/usr/local/lib/perl5/5.42.0/strict.pm': '',
      '/usr/local/lib/perl5/5.42.0/Config.pm': `    sitelibexp => '${PERL_SITE}',\n`,
      [`${PERL_SITE}/auto/Moon/.packlist`]: `${PERL_SITE}/Moon.pm\n${PERL_SITE}/auto/Moon/Moon.so type=file\n/usr/local/bin/moon\n`,
      [`${PERL_SITE}/Moon.pm`]: '',
      [`${PERL_SITE}/auto/Moon/Moon.so`]: '',
      '/usr/local/bin/moon': '',
      [`${PERL_SITE}/Sun.pm`]: '',
    },
    opened: [`${PERL_SITE}/Moon.pm`],
    kept: [`${PERL_SITE}/Moon.pm`, `${PERL_SITE}/auto/Moon/Moon.so`],
  },
  'install.packages of R': {
    program: '/usr/lib/R/bin/exec/R',
    tree: {
      '/usr/lib/R/library/base/DESCRIPTION': '',
      '/usr/lib/R/library/base/R/base': '',
      [`${R_SITE}/shiny/DESCRIPTION`]:
        'Package: shiny\nDepends: R (>= 3.0),\n    methods\nImports: later (>= 1)\n',
      [`${R_SITE}/shiny/R/shiny.rdb`]: '',
      [`${R_SITE}/later/DESCRIPTION`]: '',
      [`${R_SITE}/unused/DESCRIPTION`]: '',
    },
    opened: ['/usr/lib/R/library/base/R/base', `${R_SITE}/shiny/R/shiny.rdb`],
    kept: [`${R_SITE}/later/DESCRIPTION`, `${R_SITE}/shiny/DESCRIPTION`, `${R_SITE}/shiny/R/shiny.rdb`],
  },
  'no manager: what has the same name': {
    program: PYTHON.program,
    tree: {
      ...PYTHON.tree,
      [`${SITE}/moon.py`]: '',
      [`${SITE}/moon/phases.py`]: '',
      [`${SITE}/moonlight.py`]: '',
    },
    opened: [`${SITE}/moon.py`],
    kept: [`${SITE}/moon.py`, `${SITE}/moon/phases.py`],
  },
};

describe('a package of which a module is read stays whole, by the records of', () => {
  test.each(Object.entries(MANAGERS))('%s', async (_, { kept, ...situation }) => {
    expect(await keptBy(wholePackages, situation)).toEqual([...kept].sort());
  });
});
