import type { FileTree } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath, parentOf } from '../../shared/image-path.ts';
import { NOTHING, type Rule, type RuleContext } from '../rule.ts';
import { isFile, pathsIn } from './tree-files.ts';

const PROGRAM = /^ruby(\d[\d.]*)?$/;
const LIBRARY = /^libruby/;

/** Loaded before any program: encoding.c `Init_enc_set_filesystem_encoding`, transcode.c; found by name at run time. */
const ENCODINGS = ['enc/encdb.so', 'enc/trans/transdb.so'];

/**
 * The tables of encodings and transcoders, and rbconfig.rb, which rubygems and many a library load when they first
 * need it. They lie in the directory of the architecture, RbConfig's `rubyarchdir`: `lib/ruby/3.3.0/x86_64-linux`
 * upstream and in Alpine, `lib/x86_64-linux-gnu/ruby/3.1.0` in Debian, `lib64/ruby` in Fedora. All else that every
 * start loads, a trace shows.
 */
export const ruby: Rule = {
  name: 'ruby',
  needs(context) {
    if (!isRuby(context)) return NOTHING;
    const { tree } = context;
    const directories = archDirectories(context);
    return {
      paths: directories.map((directory) => imagePath(`${directory}/rbconfig.rb`)),
      libraries: directories.flatMap((directory) =>
        ENCODINGS.map((name) => `${directory}/${name}`).filter((path) => isFile(tree, path)),
      ),
    };
  },
};

/** Whether a program is ruby, or links it. */
export function isRuby({ programFile, sonames }: Pick<RuleContext, 'programFile' | 'sonames'>): boolean {
  return PROGRAM.test(baseName(programFile)) || [...sonames].some((name) => LIBRARY.test(name));
}

/** Directories with what was compiled for the architecture: rbconfig.rb, extension modules. */
export function archDirectories({
  tree,
  programFile,
}: Pick<RuleContext, 'tree' | 'programFile'>): ImagePath[] {
  const prefix = parentOf(parentOf(programFile));
  const tops = [
    `${prefix}/lib/ruby`,
    `${prefix}/lib64/ruby`,
    ...pathsIn(tree, `${prefix}/lib`)
      .filter((path) => baseName(path).includes('-linux'))
      .map((path) => `${path}/ruby`),
  ];
  return tops
    .flatMap((top) => upToDepth(tree, imagePath(top), 2))
    .filter((path) => isArchDirectory(tree, path));
}

function upToDepth(tree: FileTree, directory: ImagePath, depth: number): ImagePath[] {
  if (depth === 0) return [directory];
  return [directory, ...pathsIn(tree, directory).flatMap((path) => upToDepth(tree, path, depth - 1))];
}

function isArchDirectory(tree: FileTree, directory: ImagePath): boolean {
  return ['rbconfig.rb', ...ENCODINGS].some((name) => isFile(tree, `${directory}/${name}`));
}
