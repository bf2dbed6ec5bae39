import { describe, expect, test } from 'vitest';
import { DEAD_WEIGHT } from '../../../src/analysis/promise/dead-weight.ts';
import { RUNTIME_DEAD_WEIGHT } from '../../../src/analysis/promise/runtime-dead-weight.ts';
import { imagePath } from '../../../src/shared/image-path.ts';

/** What a path is dead weight by, and a path beside it that an app reads. */
const CASES: readonly (readonly [name: string, goes: string, stays: string])[] = [
  ['python-tests', '/usr/lib/python3.11/test/test_os.py', '/usr/lib/python3.11/unittest/case.py'],
  [
    'python-tests',
    '/usr/local/lib/python3.12/lib-dynload/_testcapi.cpython-312-x86_64-linux-gnu.so',
    '/usr/local/lib/python3.12/lib-dynload/_ssl.cpython-312-x86_64-linux-gnu.so',
  ],
  [
    'python-tests',
    '/usr/lib/python3.11/ctypes/test/test_cast.py',
    '/usr/lib/python3/dist-packages/django/test/client.py',
  ],
  ['tk', '/usr/lib/python3.11/idlelib/run.py', '/usr/lib/python3.11/curses/textpad.py'],
  ['tk', '/usr/lib/R/library/tcltk/libs/tcltk.so', '/usr/share/tcltk/tcl8.6/init.tcl'],
  [
    'python-build',
    '/usr/lib/python3.11/config-3.11-x86_64-linux-gnu/Makefile',
    '/usr/lib/python3.11/_sysconfigdata__x86_64-linux-gnu.py',
  ],
  ['python-manuals', '/usr/lib/python3.11/pydoc_data/topics.py', '/usr/lib/python3.11/pydoc.py'],
  ['python-twins', '/usr/lib/python3.11/_pydecimal.py', '/usr/lib/python3.11/decimal.py'],
  ['python-twins', '/usr/local/lib/python3.13t/_pyio.py', '/usr/local/lib/python3.13t/io.py'],
  [
    'python-other-systems',
    '/usr/lib/python3.11/asyncio/windows_events.py',
    '/usr/lib/python3.11/asyncio/unix_events.py',
  ],
  [
    'python-other-systems',
    '/usr/lib/python3.11/multiprocessing/popen_spawn_win32.py',
    '/usr/lib/python3.11/ntpath.py',
  ],
  [
    'python-nis',
    '/usr/lib/python3.11/lib-dynload/nis.cpython-311-x86_64-linux-gnu.so',
    '/usr/lib/python3.11/lib-dynload/_dbm.cpython-311-x86_64-linux-gnu.so',
  ],
  [
    'installers',
    '/usr/lib/ruby/3.1.0/rubygems/commands/install_command.rb',
    '/usr/lib/ruby/3.1.0/rubygems/core_ext/kernel_gem.rb',
  ],
  [
    'installers',
    '/usr/lib/ruby/vendor_ruby/rubygems/resolver/molinillo/lib/molinillo/resolution.rb',
    '/usr/lib/ruby/3.1.0/bundler/vendor/molinillo/lib/molinillo/resolution.rb',
  ],
  [
    'installers',
    '/usr/lib/ruby/vendor_ruby/rubygems/package.rb',
    '/usr/lib/ruby/vendor_ruby/rubygems/path_support.rb',
  ],
  [
    'installers',
    '/usr/local/lib/ruby/3.3.0/rubygems/dependency_installer.rb',
    '/usr/local/lib/ruby/3.3.0/rubygems/dependency.rb',
  ],
  ['installers', '/usr/lib/ruby/3.1.0/bundler/cli/add.rb', '/usr/lib/ruby/3.1.0/bundler/setup.rb'],
  ['installers', '/usr/lib/ruby/3.1.0/bundler/gem_helper.rb', '/usr/lib/ruby/3.1.0/bundler/gem_helpers.rb'],
  [
    'installers',
    '/usr/lib/ruby/3.1.0/bundler/fetcher/compact_index.rb',
    '/usr/lib/ruby/3.1.0/bundler/vendor/thor/lib/thor.rb',
  ],
  ['installers', '/usr/lib/python3.11/ensurepip/__init__.py', '/usr/lib/python3.11/venv/__init__.py'],
  [
    'installers',
    '/usr/local/lib/python3.12/site-packages/pip/__init__.py',
    '/usr/local/lib/python3.12/site-packages/pipeline/__init__.py',
  ],
  ['installers', '/usr/local/lib/node_modules/npm/index.js', '/app/node_modules/npmlog/log.js'],
  ['installers', '/usr/share/perl/5.36.0/CPAN/Shell.pm', '/usr/share/perl/5.36.0/CPAN/Meta/YAML.pm'],
  [
    'perl-build',
    '/usr/lib/x86_64-linux-gnu/perl/5.36.0/CORE/perl.h',
    '/usr/share/perl/5.36.0/Module/Load.pm',
  ],
  ['perl-build', '/usr/share/perl/5.36.0/TAP/Base.pm', '/usr/share/perl/5.36.0/Test2/Event/TAP/Version.pm'],
  ['perl-build', '/usr/share/perl/5.36.0/Test/Harness.pm', '/usr/share/perl/5.36.0/Test/More.pm'],
  ['perl-build', '/usr/local/lib/perl5/5.42.0/TAP/Base.pm', '/usr/local/lib/perl5/5.42.0/Test/Builder.pm'],
  ['perl-manuals', '/usr/share/perl/5.36.0/pod/perlfaq.pod', '/usr/share/perl/5.36.0/pod/perldiag.pod'],
  ['ruby-manuals', '/usr/lib/ruby/3.1.0/rdoc/markdown.rb', '/usr/lib/ruby/3.1.0/erb.rb'],
  [
    'ruby-development',
    '/usr/lib/ruby/gems/3.1.0/gems/rbs-2.1.0/lib/rbs.rb',
    '/usr/lib/ruby/gems/3.1.0/gems/rss-0.2.9/lib/rss.rb',
  ],
  [
    'ruby-development',
    '/usr/lib/ruby/gems/3.1.0/extensions/x86_64-linux/3.1.0/debug-1.4.0/debug/debug.so',
    '/usr/lib/ruby/gems/3.1.0/extensions/x86_64-linux/3.1.0/bigdecimal-3.1/bigdecimal.so',
  ],
  [
    'ruby-development',
    '/usr/lib/ruby/gems/3.1.0/gems/minitest-5.15.0/lib/minitest.rb',
    '/usr/lib/ruby/gems/3.1.0/gems/rake-13.0.6/lib/rake.rb',
  ],
  ['ruby-development', '/usr/lib/ruby/3.1.0/mkmf.rb', '/usr/lib/ruby/3.1.0/reline.rb'],
  ['ruby-development', '/usr/lib/ruby/3.1.0/irb.rb', '/usr/lib/ruby/3.1.0/ripper.rb'],
  ['php-templates', '/usr/lib/php/8.2/php.ini-development', '/etc/php/8.2/cli/php.ini'],
  [
    'java-development',
    '/usr/lib/jvm/java-17-openjdk-amd64/lib/ct.sym',
    '/usr/lib/jvm/java-17-openjdk-amd64/lib/tzdb.dat',
  ],
  [
    'java-development',
    '/usr/lib/jvm/java-17-openjdk-amd64/legal/java.base/zlib.md',
    '/usr/lib/jvm/java-17-openjdk-amd64/lib/libawt.so',
  ],
  ['r-manuals', '/usr/lib/R/library/stats/help/stats.rdb', '/usr/lib/R/library/stats/R/stats.rdb'],
  [
    'erlang-sources',
    '/usr/lib/erlang/lib/stdlib-4.2/src/lists.erl',
    '/usr/lib/erlang/lib/stdlib-4.2/ebin/lists.beam',
  ],
  [
    'tests-of-packages',
    '/usr/lib/python3/dist-packages/pandas/tests/test_all.py',
    '/usr/lib/python3/dist-packages/jinja2/tests.py',
  ],
  [
    'tests-of-packages',
    '/usr/local/bundle/gems/rack-3.1/test/helper.rb',
    '/usr/local/bundle/gems/rack-test-2.1/lib/rack/test.rb',
  ],
  [
    'tests-of-packages',
    '/usr/lib/ruby/gems/3.1.0/gems/rexml-3.2.5/doc/rexml/tutorial.rdoc',
    '/usr/lib/ruby/gems/3.1.0/gems/rexml-3.2.5/lib/rexml/document.rb',
  ],
  ['sources-of-packages', '/app/node_modules/moon/index.d.ts', '/app/node_modules/moon/index.ts'],
  ['sources-of-packages', '/app/node_modules/moon/README.md', '/app/node_modules/moon/pages/index.md'],
];

const namesOf = (path: string) =>
  DEAD_WEIGHT.filter(({ matches }) => matches(imagePath(path))).map(({ name }) => name);

describe('dead weight of interpreters and their packages', () => {
  test.each(CASES)('%s: %s goes, %s stays', (name, goes, stays) => {
    expect(namesOf(goes)).toContain(name);
    expect(namesOf(stays)).toEqual([]);
  });

  test('every kind has a case', () => {
    const names = RUNTIME_DEAD_WEIGHT.map(({ name }) => name);
    expect(new Set(CASES.map(([name]) => name))).toEqual(new Set(names));
  });
});
