import type { DeadWeight } from './dead-weight-kind.ts';

/** Of the standard library of CPython, without packages that others install below it. */
const PYTHON = /^.*\/python3(?:\.\d+t?)?\/(?!(?:site|dist)-packages\/)/;
const PYTHON_TESTS =
  /\/(?:test|tests|idle_test)\/|\/lib-dynload\/(?:_test\w*|_ctypes_test|_xxtestfuzz|xx\w+)\.[^/]+$/;
const PYTHON_TK = /\/(?:idlelib|turtledemo|tkinter)\/|\/turtle\.py$|\/lib-dynload\/_tkinter\.[^/]+$/;

const PERL = /\/(?:perl|perl5|perl-base)\//;

/** Directories where packages of any language lie, with what is below. */
const PACKAGES = /\/(?:site-packages|dist-packages|node_modules|gems|nodejs|vendor|site-library)\/[^/]+\//;

/**
 * What RubyGems and Bundler fetch, resolve, check, unpack, build and publish packages with: neither `require`, `gem`
 * and `Bundler.require` nor their errors load any of it. RubyGems itself resolves requests for installation alone.
 */
const GEM_INSTALLERS =
  /\/rubygems\/(?:commands?|command_manager|(?:dependency_)?installer|uninstaller|installer_uninstaller_utils|install_\w+|request|request_set|resolver|optparse|tsort|package|package_task|security|security_option|indexer|\w+_fetcher|query_utils|gemcutter_utilities|local_remote_options|version_option|specification_policy|gem_runner|validator|doctor|ssl_certs)(?:\/|\.rb$)/;
const BUNDLER_INSTALLERS =
  /\/bundler\/(?:cli|templates|installer|fetcher|compact_index_client|vendor\/(?:net-http-persistent|connection_pool))(?:\/|\.rb$)|\/bundler\/(?:graph|injector|gem_helper|gem_tasks|rubygems_gem_installer|vendored_persistent)\.rb$/;

/** What interpreters and packages of modules contain that no running app reads. */
export const RUNTIME_DEAD_WEIGHT: readonly DeadWeight[] = [
  {
    name: 'python-tests',
    why: 'test suites of the standard library, and extension modules that are there for these alone',
    matches: (path) => PYTHON.test(path) && PYTHON_TESTS.test(path.replace(PYTHON, '/')),
  },
  {
    name: 'tk',
    why: 'IDLE, turtle, tkinter and R tcltk open windows, and an entry has no display',
    matches: (path) =>
      (PYTHON.test(path) && PYTHON_TK.test(path.replace(PYTHON, '/'))) || /\/R\/library\/tcltk\//.test(path),
  },
  {
    name: 'python-build',
    why: 'config-* has what links an interpreter into a program, and the makefile of its build',
    matches: (path) => /\/python3\.\d+t?\/config-[^/]+\//.test(path),
  },
  {
    name: 'python-manuals',
    why: 'pydoc_data holds the manual of the language, for people',
    matches: (path) => /\/python3\.\d+t?\/pydoc_data\//.test(path),
  },
  {
    name: 'python-twins',
    why: 'io and decimal are compiled in every CPython (Modules/_io, _decimal with the libmpdec that it contains); the same in Python is for other interpreters',
    matches: (path) => PYTHON.test(path) && /\/python3\.\d+t?\/_py(?:io|decimal)\.py$/.test(path),
  },
  {
    name: 'python-other-systems',
    why: 'modules that CPython imports on Windows, macOS and AIX alone, and an entry runs on Linux',
    matches: (path) =>
      PYTHON.test(path) &&
      /\/python3\.\d+t?\/(?:asyncio\/(?:windows_\w+|proactor_events)\.py$|multiprocessing\/popen_spawn_win32\.py$|ctypes\/macholib\/|msilib\/|(?:_osx_support|_aix_support|_bootsubprocess|nturl2path)\.py$)/.test(
        path,
      ),
  },
  {
    name: 'python-nis',
    why: 'nis looks names up in a NIS domain, which no unikernel joins (PEP 594); it alone links libnsl, and with it Kerberos, 2 MB',
    matches: (path) => PYTHON.test(path) && /\/lib-dynload\/nis\.[^/]+$/.test(path),
  },
  {
    name: 'installers',
    why: 'an entry installs nothing when it runs: pip, ensurepip, npm, CPAN, the commands of RubyGems and Bundler',
    matches: (path) =>
      (/\/ruby\/|\/vendor_ruby\//.test(path) &&
        (GEM_INSTALLERS.test(path) || BUNDLER_INSTALLERS.test(path))) ||
      /\/python3\.\d+t?\/ensurepip\//.test(path) ||
      /\/(?:site|dist)-packages\/(?:pip|wheel)(?:-[^/]+\.dist-info)?\//.test(path) ||
      /\/node_modules\/(?:npm|corepack)\//.test(path) ||
      (PERL.test(path) && /\/(?:CPAN\.pm|CPAN\/(?!Meta)[^/]+|App\/Cpan\.pm)/.test(path)),
  },
  {
    name: 'perl-build',
    why: 'headers, Makefile writers and tables of releases, with which modules are built and published',
    matches: (path) =>
      PERL.test(path) &&
      /\/CORE\/[^/]+\.h$|\/ExtUtils\/|\/Devel\/PPPort\.pm$|\/Module\/CoreList(?:\/|\.pm$)|\/cross-config-|\/perl5?\/(?:5[\d.]*|core_perl)\/(?:TAP\/|Test\/Harness\.pm$)|\/App\/Prove|\/perl5db\.pl$/.test(
        path,
      ),
  },
  {
    name: 'perl-manuals',
    why: 'documentation for people, perlpod(1); diagnostics(3perl) alone reads some: perldiag',
    matches: (path) => /\/perl5?\/(?:.*\/)?(?!perldiag\.)[^/]+\.pod$/.test(path),
  },
  {
    name: 'ruby-manuals',
    why: 'RDoc makes documentation from sources, ri shows it',
    matches: (path) =>
      /\/ruby\/(?:[\d.]+\/)?rdoc(?:\/|\.rb$)|\/share\/ri\/|\/bundler\/man\//.test(path) ||
      /\/gems\/rdoc-[^/]+\//.test(path),
  },
  {
    name: 'ruby-development',
    why: 'mkmf writes makefiles, .rbs files are signatures for type checkers; checkers, the debugger, irb and test frameworks are for developers',
    matches: (path) =>
      /\/(?:gems|extensions\/[^/]+\/[^/]+)\/(?:rbs|typeprof|debug|minitest|test-unit|power_assert)-\d[^/]*\//.test(
        path,
      ) ||
      /\/ruby\/[\d.]+\/irb(?:\/|\.rb$)/.test(path) ||
      /\/mkmf\.rb$|\/ruby\/(?:.*\/)?[^/]+\.rbs$|\/gems\/(?:.*\/)?[^/]+\.rbs$/.test(path),
  },
  {
    name: 'php-templates',
    why: 'php.ini-development and php.ini-production are templates, which PHP does not read',
    matches: (path) => /\/php\.ini-\w[\w.]*$/.test(path),
  },
  {
    name: 'java-development',
    why: 'sources, signatures for javac, modules for jlink, debugger agents, licences of parts, and an archive for another heap layout',
    matches: (path) =>
      /\/lib\/(?:src\.zip|ct\.sym|classlist|server\/classes_nocoops\.jsa|lib(?:jdwp|saproc|attach)\.so)$/.test(
        path,
      ) || /\/(?:jvm|java|openjdk)[^/]*\/(?:.*\/)?(?:jmods|legal|demo)\//.test(path),
  },
  {
    name: 'r-manuals',
    why: 'help pages, vignettes, demos and tests of R packages, for people',
    matches: (path) =>
      /\/R\/(?:doc|include)\//.test(path) ||
      /\/(?:site-)?library\/[^/]+\/(?:help|html|doc|demo|tests|include)\//.test(path),
  },
  {
    name: 'erlang-sources',
    why: 'the virtual machine loads compiled modules; sources, headers and examples are for people',
    matches: (path) =>
      /\/lib\/\w+-\d[\d.]*\/(?:src|include|examples|doc|c_src|emacs|asn1)\//.test(path) &&
      /\/(?:erlang|lib\/elixir)\//.test(path),
  },
  {
    name: 'tests-of-packages',
    why: 'test suites, samples and manuals that packages install beside their modules; their developers read them',
    matches: (path) =>
      /\/(?:site|dist)-packages\/(?:.*\/)?tests\//.test(path) ||
      /\/gems\/[^/]+-\d[^/]*\/(?:test|tests|spec|features|benchmark|examples|doc|docs|sample)\//.test(path) ||
      /\/node_modules\/(?:@[^/]+\/)?[^/]+\/(?:test|tests|__tests__|spec|examples?|benchmarks?)\//.test(path),
  },
  {
    name: 'sources-of-packages',
    why: 'what compilers and editors read: headers, C and Cython sources, objects, declarations, source maps, changelogs',
    matches: (path) =>
      PACKAGES.test(path) &&
      (/\.(?:h|hh|hpp|pxd|pyx|c|cc|cpp|o|a)$/.test(path) ||
        /\.d\.[cm]?ts$|\.[cm]?js\.map$|\.d\.[cm]?ts\.map$/.test(path) ||
        /\/(?:README|CHANGELOG|CHANGES|HISTORY|CONTRIBUTING|AUTHORS)(?:\.(?:md|rst|txt|rdoc))?$/i.test(path)),
  },
];
