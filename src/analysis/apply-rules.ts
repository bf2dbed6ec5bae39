import type { Assumption } from '../config/config-schema.ts';
import { fileSource } from '../elf/byte-source.ts';
import type { Closure } from '../elf/closure.ts';
import type { ClosureOptions } from '../elf/closure-options.ts';
import { ElfError } from '../elf/elf-error.ts';
import { readElf } from '../elf/read-elf.ts';
import { resolveClosure } from '../elf/resolve-closure.ts';
import { importedSymbols } from '../elf/symbols.ts';
import type { Launch } from '../entry/launch.ts';
import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';
import { namedPath } from './closure-needs.ts';
import type { Need } from './need.ts';
import type { RuleContext } from './rule.ts';
import { RULES } from './rules.ts';

export type RuleSubject = {
  readonly tree: FileTree;
  readonly launch: Pick<Launch, 'argv' | 'env'>;
  readonly assumptions: readonly Assumption[];
  readonly options: ClosureOptions;
  readonly program: { readonly path: ImagePath; readonly closure: Closure };
  readonly signal?: AbortSignal | undefined;
};

/** The C library itself, whose own imports say nothing about the program. */
const LIBC = /^(libc\.so\.6|ld-[\w.-]+\.so\.\d+|libc\.musl-[\w]+\.so\.1|lib(pthread|dl|rt|m)\.so\.\d+)$/;

export type Ruled = {
  readonly needs: readonly Need[];
  /** Whether the program can load libraries that nothing in its files names. */
  readonly loadsByItself: boolean;
};

/** What the rules hold for a program: paths, and libraries with what they link. */
export async function applyRules(subject: RuleSubject): Promise<Ruled> {
  const context = contextOf(subject);
  const needs: Need[] = [];
  for (const { name, needs: ask } of RULES) {
    const { paths, libraries } = await ask(context);
    const reason = { kind: 'rule', rule: name } as const;
    for (const path of paths) {
      if (resolvePath(subject.tree, path).entry !== undefined) needs.push({ path, reason });
    }
    for (const path of librariesOf(subject, libraries)) needs.push({ path, reason });
  }
  return { needs, loadsByItself: context.imports('dlopen', 'dlmopen') };
}

/** The paths by which the program would load these names, and all that they link, less what it has loaded. */
function librariesOf(
  { tree, program: { path, closure }, options }: RuleSubject,
  names: readonly string[],
): ImagePath[] {
  if (names.length === 0) return [];
  const loaded = new Set(closure.objects.map(({ realPath }) => realPath));
  const extended = resolveClosure(tree, [path, ...names], options);
  return [...extended.objects, ...extended.variants]
    .filter(({ realPath }) => !loaded.has(realPath))
    .flatMap(({ lookups }) => lookups.map(namedPath));
}

function contextOf({
  tree,
  launch,
  assumptions,
  program: { path: program, closure },
  signal,
}: RuleSubject): RuleContext {
  const sonames = new Set(closure.objects.flatMap(({ soname }) => soname ?? []));
  const objects = closure.objects.map(({ realPath }) => realPath);
  const others = closure.objects.filter(({ soname }) => soname === null || !LIBC.test(soname));
  let symbols: ReadonlySet<string> | undefined;
  return {
    tree,
    argv: launch.argv,
    env: launch.env,
    program,
    programFile: resolvePath(tree, program).path,
    objects,
    sonames,
    libc: closure.libc,
    imports(...wanted) {
      symbols ??= new Set(others.flatMap(({ realPath }) => symbolsOf(tree, realPath)));
      return wanted.some((symbol) => symbols?.has(symbol));
    },
    assumes: (assumption) => assumptions.includes(assumption),
    signal,
  };
}

function symbolsOf(tree: FileTree, path: ImagePath): string[] {
  const source = fileSource(tree, path);
  try {
    return importedSymbols(source, readElf(source));
  } catch (error) {
    // the loader will say what is wrong with it; to the rules it imports nothing
    if (error instanceof ElfError) return [];
    throw error;
  }
}
