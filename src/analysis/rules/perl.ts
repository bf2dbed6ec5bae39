import { type FileTree, resolvePath } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath, parentOf } from '../../shared/image-path.ts';
import { NOTHING, type Rule, type RuleContext } from '../rule.ts';
import { isFile, pathsIn } from './tree-files.ts';

const PROGRAM = /^perl(5[\d.]*)?$/;
const LIBRARY = /^libperl\.so/;

/** All that `use strict; use warnings` loads; nothing is loaded before the program itself. */
const PRAGMAS = ['strict.pm', 'warnings.pm'];

/**
 * The two pragmas with which every program begins, each from the first directory of @INC that has it. The directories
 * are compiled in (perl.c `S_init_perllib`); their layout shows them: Debian's perl-base and `share/perl/5.36`,
 * Alpine's and Arch's core_perl, Fedora's perl5, and upstream's own `lib/perl5/5.42.0`. PERL5LIB comes before them,
 * perlrun(1).
 */
export const perl: Rule = {
  name: 'perl',
  needs(context) {
    if (!isPerl(context)) return NOTHING;
    const directories = libraryDirectories(context);
    const paths = PRAGMAS.flatMap((name) => {
      const found = directories.find((directory) => isFile(context.tree, `${directory}/${name}`));
      return found === undefined ? [] : [imagePath(`${found}/${name}`)];
    });
    return { paths, libraries: [] };
  },
};

/** Whether a program is perl, or links it. */
export function isPerl({ programFile, sonames }: Pick<RuleContext, 'programFile' | 'sonames'>): boolean {
  return PROGRAM.test(baseName(programFile)) || [...sonames].some((name) => LIBRARY.test(name));
}

/** Directories of @INC that hold the pragmas, as the layouts in use have them; they need not exist. */
export function libraryDirectories({
  tree,
  env,
  programFile,
}: Pick<RuleContext, 'tree' | 'env' | 'programFile'>): string[] {
  const named = env.PERL5LIB?.split(':').filter((path) => path.startsWith('/')) ?? [];
  const prefixes = new Set([parentOf(parentOf(programFile)), '/usr', '/usr/local']);
  return [
    ...named,
    ...[...prefixes].flatMap((prefix) => directoriesOfPrefix(tree, prefix === '/' ? '' : prefix)),
  ];
}

function directoriesOfPrefix(tree: FileTree, prefix: string): string[] {
  return [
    ...pathsIn(tree, `${prefix}/lib`)
      .filter((path) => baseName(path).includes('-linux-'))
      .map((path) => `${path}/perl-base`),
    ...['lib', 'share'].map((name) => `${prefix}/${name}/perl5/core_perl`),
    ...['lib64', 'share'].map((name) => `${prefix}/${name}/perl5`),
    ...versionsIn(tree, `${prefix}/lib/perl5`),
    ...versionsIn(tree, `${prefix}/share/perl`),
  ];
}

/** Directories that are named for a version, without links to others of them. */
function versionsIn(tree: FileTree, directory: string): ImagePath[] {
  return pathsIn(tree, directory).filter(
    (path) => /^5\.[\d.]+$/.test(baseName(path)) && resolvePath(tree, path).entry?.type === 'directory',
  );
}
