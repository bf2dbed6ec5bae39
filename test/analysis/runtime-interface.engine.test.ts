import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isDeadWeight } from '../../src/analysis/promise/dead-weight.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { type FullImage, fullImage } from '../support/full-image.ts';
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

type Interpreter = {
  readonly entry: string;
  readonly list: readonly string[];
  readonly load: readonly string[];
  /** Modules that make the process that loads them do something else. */
  readonly except: RegExp;
};

const INTERPRETERS: readonly Interpreter[] = [
  {
    entry: 'library/python/3.11',
    list: ['/usr/bin/python3.11', '-c', PYTHON_LIST],
    load: ['/usr/bin/python3.11', '-c', PYTHON_IMPORT],
    except: /(?:^|\.)__main__$|^antigravity$|^this$/,
  },
  {
    entry: 'library/perl/5.36',
    list: ['/usr/bin/perl', '-e', PERL_LIST],
    load: ['/usr/bin/perl', '-e', PERL_IMPORT],
    except: /^unicore\//,
  },
];

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

async function loaded(image: FullImage, { load }: Interpreter, names: readonly string[]) {
  return linesOf(await image.run([...load, ...names]));
}

let originals: Catalog;
let slimmed: SlimmedFixtures;
beforeAll(async () => {
  originals = await fixtureCatalog();
  slimmed = await slimmedFixtures(INTERPRETERS.map(({ entry }) => entry));
}, SWEEP_MS);
afterAll(async () => {
  await originals[Symbol.asyncDispose]();
  await slimmed.catalog[Symbol.asyncDispose]();
});

describe('every module that loads in the full root file system loads in the result, or is dead weight', () => {
  test.each(INTERPRETERS)('$entry', async (interpreter) => {
    const { entry, list, except } = interpreter;
    await using full = await fullImage(originals, entry);
    const modules = linesOf(await full.run(list)).map((line) => line.split(' ') as [string, string]);
    const wanted = modules.filter(([name, path]) => !except.test(name) && !isDeadWeight(imagePath(path)));
    expect(wanted.length).toBeGreaterThan(350);
    const all = wanted.map(([name]) => name);
    const names = drawSome(all, { ci: 200, soak: all.length });
    const before = await loaded(full, interpreter, names);
    expect(before.length).toBeGreaterThan(names.length / 2);

    expect(slimmed.resultOf(entry)).toMatchObject({ status: 'slimmed', promise: 'runtime', verified: true });
    await using slim = await fullImage(slimmed.catalog, entry);
    const after = new Set(await loaded(slim, interpreter, names));
    expect(before.filter((name) => !after.has(name))).toEqual([]);
  });
});
