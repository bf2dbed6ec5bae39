import { describe, expect, test } from 'vitest';
import { runtimesOf } from '../../../src/analysis/promise/runtimes.ts';
import type { TreeTable } from '../../support/memory-tree.ts';
import { promiseContext } from './runtime-context.ts';

type Case = {
  readonly program: string;
  readonly tree: TreeTable;
  readonly opened?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly library: readonly string[];
  /** Some of them. */
  readonly modules: readonly string[];
};

const RUBY_CONFIG = `
  TOPDIR = File.dirname(__FILE__).chomp!("/lib/x86_64-linux-gnu/ruby/3.1.0")
  CONFIG["prefix"] = (TOPDIR || DESTDIR + "/usr")
  CONFIG["exec_prefix"] = "$(prefix)"
  CONFIG["libdir"] = "$(exec_prefix)/lib"
  CONFIG["ruby_version"] = "3.1.0"
  CONFIG["rubylibprefix"] = "$(libdir)/ruby"
  CONFIG["rubylibdir"] = "$(rubylibprefix)/$(ruby_version)"
  CONFIG["vendordir"] = "$(rubylibprefix)/vendor_ruby"
  CONFIG["circle"] = "$(circle)"
`;

const CASES: Readonly<Record<string, Case>> = {
  python: {
    program: '/usr/bin/python3.11',
    tree: { '/usr/lib/python3.11/os.py': '', '/srv/env/lib/python3.11/site-packages/moon.py': '' },
    opened: ['/srv/env/lib/python3.11/site-packages/moon.py'],
    library: ['/usr/lib/python3.11'],
    modules: ['/usr/lib/python3/dist-packages', '/srv/env/lib/python3.11/site-packages'],
  },
  perl: {
    program: '/usr/bin/perl',
    tree: {
      '/usr/lib/x86_64-linux-gnu/perl-base/strict.pm': '',
      '/usr/lib/x86_64-linux-gnu/perl-base/Config.pm':
        "    archlibexp => '/usr/lib/x86_64-linux-gnu/perl/5.36',\n    privlibexp => '/usr/share/perl/5.36',\n",
      '/usr/lib/x86_64-linux-gnu/perl-base/Config_heavy.pl':
        "vendorlibexp='/usr/share/perl5'\nsitelib_stem=''\n",
    },
    env: { PERL5LIB: '/app/lib:relative' },
    library: [
      '/usr/lib/x86_64-linux-gnu/perl-base',
      '/usr/lib/x86_64-linux-gnu/perl/5.36',
      '/usr/share/perl/5.36',
    ],
    modules: ['/app/lib', '/usr/share/perl5'],
  },
  ruby: {
    program: '/usr/bin/ruby3.1',
    tree: {
      '/usr/lib/x86_64-linux-gnu/ruby/3.1.0/rbconfig.rb': RUBY_CONFIG,
      '/usr/lib/ruby/3.1.0/set.rb': '',
      '/usr/lib/ruby/gems/3.1.0/specifications/rack-2.2.gemspec': '',
      '/opt/bundle/specifications/puma-6.0.gemspec': '',
      '/usr/lib/x86_64-linux-gnu/rubygems-integration/3.1.0/specifications/puma-5.6.gemspec': '',
    },
    opened: ['/opt/bundle/specifications/puma-6.0.gemspec'],
    library: ['/usr/lib/ruby/3.1.0', '/usr/lib/x86_64-linux-gnu/ruby/3.1.0'],
    modules: [
      '/usr/lib/ruby/vendor_ruby',
      '/usr/lib/ruby/gems/3.1.0',
      '/usr/lib/x86_64-linux-gnu/rubygems-integration/3.1.0',
      '/opt/bundle',
    ],
  },
  php: {
    program: '/usr/bin/php8.2',
    tree: {
      '/usr/lib/php/20220829/ctype.so': '',
      '/etc/php/8.2/cli/php.ini': 'include_path = ".:/usr/share/php:/srv/php"\n',
      '/app/vendor/autoload.php': '',
    },
    opened: ['/app/vendor/autoload.php'],
    library: ['/usr/lib/php/20220829'],
    modules: ['/usr/share/php', '/srv/php', '/app/vendor'],
  },
  node: {
    program: '/usr/bin/node',
    tree: { '/app/node_modules/moon/index.js': '' },
    opened: ['/app/node_modules/moon/index.js'],
    library: [],
    modules: ['/usr/share/nodejs', '/app/node_modules'],
  },
  java: {
    program: '/opt/jdk/bin/java',
    tree: { '/opt/jdk/lib/modules': '' },
    library: ['/opt/jdk/lib', '/opt/jdk/conf'],
    modules: [],
  },
  lua: {
    program: '/usr/bin/lua5.4',
    tree: { '/usr/lib/liblua5.4.so.0': 'x\0/usr/share/lua/5.4/?.lua;./?.lua;/usr/lib/lua/5.4/?/init.lua\0y' },
    opened: ['/usr/lib/liblua5.4.so.0'],
    library: [],
    modules: ['/usr/share/lua/5.4', '/usr/lib/lua/5.4'],
  },
  tcl: {
    program: '/usr/bin/tclsh8.6',
    tree: {
      '/usr/share/tcltk/tcl8.6/init.tcl': '',
      '/usr/share/tcltk/tcl8.6/tclIndex': '',
      '/usr/lib/x86_64-linux-gnu/libtcl8.6.so.0':
        '\0/usr/local/lib/tcltk \n  /usr/lib/tcltk/x86_64-linux-gnu /usr/lib/tcltk /usr/lib\0',
      '/usr/lib/tcltk/x86_64-linux-gnu/tdom0.9.3/pkgIndex.tcl': '',
    },
    opened: ['/usr/share/tcltk/tcl8.6/init.tcl', '/usr/lib/x86_64-linux-gnu/libtcl8.6.so.0'],
    library: ['/usr/share/tcltk/tcl8.6', '/usr/share/tcltk/tcl8'],
    modules: ['/usr/share/tcltk', '/usr/lib/tcltk/x86_64-linux-gnu', '/usr/lib/tcltk'],
  },
  r: {
    program: '/usr/lib/R/bin/exec/R',
    tree: { '/usr/lib/R/library/base/DESCRIPTION': '', '/usr/lib/R/library/base/R/base': '' },
    opened: ['/usr/lib/R/library/base/R/base'],
    library: ['library', 'modules', 'lib', 'etc', 'share', 'bin/exec'].map((name) => `/usr/lib/R/${name}`),
    modules: ['/usr/local/lib/R/site-library'],
  },
  erlang: {
    program: '/usr/lib/erlang/erts-13.1/bin/beam.smp',
    tree: { '/usr/lib/erlang/lib/stdlib-4.2/ebin/lists.beam': '' },
    opened: ['/usr/lib/erlang/lib/stdlib-4.2/ebin/lists.beam'],
    library: ['/usr/lib/erlang/lib', '/usr/lib/erlang/releases'],
    modules: [],
  },
};

describe('an interpreter names its own directories', () => {
  test.each(Object.entries(CASES))('%s', (kind, { library, modules, ...situation }) => {
    const [found, ...others] = runtimesOf(promiseContext(situation));
    expect(others).toEqual([]);
    expect(found?.kind).toBe(kind);
    expect(found?.library).toEqual(library);
    expect(found?.modules).toEqual(expect.arrayContaining([...modules]));
    expect(found?.modules).not.toContain('/');
    expect(found?.modules).not.toContain('/usr/lib');
  });
});

test('a program that is no interpreter has no directories', () => {
  const tree = Object.assign({}, ...Object.values(CASES).map((one) => one.tree));
  expect(runtimesOf(promiseContext({ program: '/usr/sbin/nginx', tree }))).toEqual([]);
});

test('a program that links an interpreter has its directories', () => {
  const { tree } = CASES.python as Case;
  const library = '/usr/lib/libpython3.11.so.1.0';
  const context = promiseContext({
    program: '/usr/bin/uwsgi',
    tree: { ...tree, [library]: '' },
    opened: [library],
  });
  expect(runtimesOf(context).map(({ kind }) => kind)).toEqual(['python']);
});
