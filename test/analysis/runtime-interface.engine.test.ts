import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { comparedModules, type ModuleLoader } from '../support/module-interface.ts';
import { drawSome } from '../support/samples.ts';
import { type SlimmedFixtures, SWEEP_MS, slimmedFixtures } from '../support/swept-fixtures.ts';

/** Prints the name and the file of every module of the standard library; it imports none. */
const PYTHON_LIST = `
import os, pkgutil
def walk(directories, prefix=''):
    for found in pkgutil.iter_modules(directories):
        directory = found.module_finder.path
        if found.ispkg:
            print(prefix + found.name, directory + '/' + found.name + '/__init__.py')
            walk([directory + '/' + found.name], prefix + found.name + '.')
        else:
            spec = found.module_finder.find_spec(found.name)
            print(prefix + found.name, spec.origin)
library = os.path.dirname(os.__file__)
walk([library, library + '/lib-dynload'])`;

/** Prints the names of modules, of its arguments, that can be imported one after the other. */
const PYTHON_IMPORT = `
import contextlib, importlib, io, sys, warnings
warnings.simplefilter('ignore')
for name in sys.argv[1:]:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            importlib.import_module(name)
        print(name, flush=True)
    except BaseException:
        pass`;

const PERL_LIST = `
use Config; use Cwd 'realpath'; use File::Find;
my %seen;
for my $top (grep { -d } map { realpath($_) // () } '/usr/lib/x86_64-linux-gnu/perl-base', @Config{qw(archlibexp privlibexp)}) {
  find(sub {
    return unless /\\.pm$/;
    my $name = substr($File::Find::name, length($top) + 1);
    print "$name $File::Find::name\\n" unless $seen{$name}++;
  }, $top);
}`;

/** A process for each module, since pragmas change what is compiled after them. */
const PERL_IMPORT = `
$| = 1;
for my $name (@ARGV) {
  my $child = fork();
  if ($child == 0) {
    open STDERR, '>', '/dev/null'; open my $out, '>&', STDOUT; open STDOUT, '>', '/dev/null'; open STDIN, '<', '/dev/null';
    alarm 10;
    eval { require $name; 1 } and syswrite $out, "$name\\n";
    require POSIX; POSIX::_exit(0);
  }
  waitpid $child, 0;
}`;

/** Extensions of PHP, and the character sets of iconv(3), which the extension iconv loads. */
const PHP_LIST = `
foreach (get_loaded_extensions() as $name) echo strtr($name, ' ', '_'), ' ', PHP_BINARY, "\\n";
foreach (glob(ini_get('extension_dir') . '/*.so') as $file) echo basename($file, '.so'), ' ', $file, "\\n";
foreach (glob('/usr/lib/x86_64-linux-gnu/gconv/*.so') as $file) echo 'iconv:', basename($file, '.so'), ' ', $file, "\\n";`;

const PHP_LOAD = `
foreach (array_slice($argv, 1) as $name) {
  $plain = strtr($name, '_', ' ');
  $set = explode('iconv:', $name)[1] ?? null;
  if ($set !== null ? @iconv('UTF-8', $set, 'a') !== false : extension_loaded($plain) || extension_loaded("Zend $plain") || @dl("$name.so")) echo "$name\\n";
}`;

const LOADERS: readonly (ModuleLoader & { readonly atLeast: number })[] = [
  {
    entry: 'library/python/3.11',
    list: ['/usr/bin/python3.11', '-c', PYTHON_LIST],
    load: ['/usr/bin/python3.11', '-c', PYTHON_IMPORT],
    except: /(?:^|\.)__main__$|^antigravity$|^this$/,
    atLeast: 150,
  },
  {
    entry: 'library/perl/5.36',
    list: ['/usr/bin/perl', '-e', PERL_LIST],
    load: ['/usr/bin/perl', '-e', PERL_IMPORT],
    except: /^unicore\//,
    atLeast: 150,
  },
  {
    entry: 'library/php/8.2',
    list: ['/usr/bin/php8.2', '-r', PHP_LIST],
    load: ['/usr/bin/php8.2', '-r', PHP_LOAD, '--'],
    except: /^$/,
    atLeast: 100,
  },
];

let originals: Catalog;
let slimmed: SlimmedFixtures;
beforeAll(async () => {
  originals = await fixtureCatalog();
  slimmed = await slimmedFixtures(LOADERS.map(({ entry }) => entry));
}, SWEEP_MS);
afterAll(async () => {
  await originals[Symbol.asyncDispose]();
  await slimmed.catalog[Symbol.asyncDispose]();
});

describe('every module that loads in the full root file system loads in the result, or is dead weight', () => {
  test.each(LOADERS)('$entry', async (loader) => {
    const { entry } = loader;
    expect(slimmed.resultOf(entry)).toMatchObject({ status: 'slimmed', promise: 'runtime', verified: true });
    const { before, lost } = await comparedModules(
      {
        originals,
        slimmed: async () => slimmed.catalog,
        draw: (names) => drawSome(names, { ci: 200, soak: names.length }),
      },
      loader,
    );
    expect(before.length).toBeGreaterThan(loader.atLeast);
    expect(lost).toEqual([]);
  });
});
