import type { Rerun } from './run-again.ts';

/** Loading a whole library takes longer than one answer; a slow machine compiles it first. */
const MODULES_MS = 30_000;

/** How an interpreter loads its standard library. */
type Loader = {
  /** The base name of the program: `python3.11`. */
  readonly program: RegExp;
  /** Words behind the program that load every module and print the names of those that load. */
  readonly words: readonly string[];
};

/**
 * Top-level modules and those below them, each imported. It reads and leaves no byte code, so that a traced run keeps
 * none for it. Modules that the rules for dead weight take away are left out, and the two that print or open a browser.
 */
const PYTHON = String.raw`
import importlib, pkgutil, re, sys, warnings
warnings.simplefilter("ignore")
left = re.compile(r"(^|\.)(tests?|idle_test|__main__)(\.|$)|^(idlelib|turtle|turtledemo|tkinter|_tkinter|pydoc_data|ensurepip|nis|antigravity|this|msilib|nturl2path|_pyio|_pydecimal|_osx_support|_aix_support|_bootsubprocess|ctypes\.macholib|asyncio\.windows_\w+|asyncio\.proactor_events|multiprocessing\.popen_spawn_win32)(\.|$)|^(_test|_ctypes_test|_?xx)")
def load(name):
    if left.search(name):
        return
    try:
        module = importlib.import_module(name)
    except BaseException:
        return
    print(name)
    for found in pkgutil.iter_modules(getattr(module, "__path__", []), name + "."):
        load(found.name)
for name in sorted(sys.stdlib_module_names):
    load(name)
`;

/** Every file of modules below the two directories of the library, required in one process. */
const PERL = String.raw`
use Config; use File::Find;
open STDERR, '>', '/dev/null'; open STDIN, '<', '/dev/null';
my %files;
for my $top (grep { -d } @Config{qw(archlibexp privlibexp)}) {
  find({ no_chdir => 1, follow_fast => 1, follow_skip => 2, wanted => sub { $files{substr $_, 1 + length $top} = 1 if /\.pm$/ } }, $top);
}
my $left = qr{^(?:CPAN\.pm|CPAN/(?!Meta)|App/|ExtUtils/|Devel/|Module/CoreList|TAP/|Test|unicore/|perl5db|autouse|diagnostics|sigtrap|encoding/warnings|DB)};
for my $name (sort grep { !/$left/ } keys %files) {
  print "$name\n" if eval { local $SIG{ALRM} = sub { die }; alarm 5; require $name; alarm 0; 1 };
}
require POSIX; $| = 1; print ''; POSIX::_exit(0);
`;

/** Each feature at the top of a directory of the load path; what they print or do at their exit is left out. */
const RUBY = String.raw`
left = /\A(?:debug|irb|rdoc|mkmf|bundled_gems|un|win32|bundler\z)/
names = $:.uniq.flat_map { |top| Dir.glob("*.{rb,so}", base: top) }.map { |file| file.sub(/\.(rb|so)\z/, "") }
out = $stdout.dup
[$stdin, $stdout, $stderr].each { |stream| stream.reopen("/dev/null") }
loaded = names.uniq.sort.reject { |name| left.match?(name) }.select do |name|
  require name
  true
rescue Exception
  false
end
out.syswrite(loaded.join("\n"))
exit!(0)
`;

const PHP = String.raw`
$names = get_loaded_extensions();
sort($names);
echo implode("\n", $names), "\n";
foreach (glob(ini_get('extension_dir') . '/*.so') as $file) echo basename($file), extension_loaded(basename($file, '.so')) || @dl(basename($file)) ? " loads\n" : "\n";
`;

const NODE =
  "require('module').builtinModules.filter((name) => { try { require(name); return true; } catch { return false; } }).join('\\n')";

const LOADERS: readonly Loader[] = [
  {
    program: /^python3(?:\.\d+)?t?$/,
    words: ['-B', '-X', 'pycache_prefix=/kraft-slim/none', '-c', PYTHON],
  },
  { program: /^perl(?:5[\d.]*)?$/, words: ['-e', PERL] },
  { program: /^ruby[\d.]*$/, words: ['-e', RUBY] },
  { program: /^php[\d.]*$/, words: ['-r', PHP] },
  { program: /^node(?:js)?$/, words: ['-p', NODE] },
  { program: /^java$/, words: ['--list-modules'] },
];

/**
 * The second look at an interpreter whose whole library the entry promises: one program that loads all modules.
 * Empty for a launch of any other program.
 */
export function moduleReruns([program = '']: readonly string[]): readonly Rerun[] {
  const name = program.slice(program.lastIndexOf('/') + 1);
  const loader = LOADERS.find((known) => known.program.test(name));
  if (loader === undefined) return [];
  return [
    { title: 'all modules of the standard library', argv: [program, ...loader.words], limitMs: MODULES_MS },
  ];
}
