import { type FileTree, type TreeEntry, walk } from '../../shared/file-tree.ts';
import { childOf, type ImagePath, imagePath, isWithin, parentOf, ROOT } from '../../shared/image-path.ts';
import type { Packages } from './packages.ts';

/** What distinguishes data of the author or of the app from what a distribution has. */
export type DataContext = {
  readonly tree: FileTree;
  readonly packages: Pick<Packages, 'names' | 'filesOf' | 'ownerOf' | 'hasDirectory'>;
};

/** Directories that hold things of many owners, hier(7): none of them is data as a whole. */
const SHARED_DIRECTORIES: readonly RegExp[] = [
  /^\/usr\/(?:local|bin|sbin|lib\w*|libexec|share|include|src|games)$/,
  /^\/usr\/local\/(?:bin|sbin|lib\w*|libexec|share|include|src|etc|games|man)$/,
  /^(?:\/usr(?:\/local)?)?\/lib\w*\/\w+-linux-\w+$/,
  /^\/var\/(?:lib|cache|log|spool|tmp|run|lock|opt|local|mail|backups)$/,
  /^\/etc\/(?:alternatives|default|init\.d|ld\.so\.conf\.d|profile\.d|rc\w\.d|security|skel|ssl|ssl\/certs|ssl\/private)$/,
];
const TOP_DIRECTORIES =
  'bin boot dev etc home lib media mnt opt proc root run sbin srv sys tmp usr var'.split(' ');

/** Whether a directory holds things of many owners. */
export function isShared(directory: ImagePath): boolean {
  if (directory === ROOT) return true;
  if (parentOf(directory) === ROOT) {
    const name = directory.slice(1);
    return TOP_DIRECTORIES.includes(name) || /^lib(?:32|64|x32)$/.test(name);
  }
  return SHARED_DIRECTORIES.some((pattern) => pattern.test(directory));
}

/** What lives no longer than a run, or is made again where it is missing. */
const VOLATILE = '/tmp /run /dev /proc /sys /var/tmp /var/run /var/log /var/cache /var/lock'
  .split(' ')
  .map((path) => imagePath(path));
const VOLATILE_NAMES = /\.(?:pid|log|lock|lck|sock|py[co])$|\.log\.[^/]*$|\/__pycache__(?:\/|$)|\/logs?\//;

/** Whether a path is a log, a lock, a cache of byte code and the like: that an app writes it makes no data of it. */
export function isVolatile(path: ImagePath): boolean {
  return liesInVolatile(path) || VOLATILE_NAMES.test(path);
}

function liesInVolatile(path: ImagePath): boolean {
  return VOLATILE.some((top) => isWithin(path, top));
}

/** Libraries of interpreters and trees of their package managers: rules for these know them better. */
const GOVERNED =
  /\/(?:site-packages|dist-packages|node_modules|bower_components|gems|vendor_ruby|rubygems|pear|CPAN)(?:\/|$)|\/lib\w*\/(?:python|perl|ruby|php|lua|tcl|tk|erlang|elixir|jvm|R|ocaml|node|ghc|go|rustlib|gcc)[\d.-]*(?:\/|$)|\/share\/(?:perl|lua|php|ruby|R|java)[\d.]*(?:\/|$)/;

/** Whether an interpreter or its package manager governs a path. */
export function isGoverned(path: ImagePath): boolean {
  return GOVERNED.test(path);
}

/** Object files, and the sources that compilers read. */
const BUILD_FILE =
  /\.(?:o|lo|obj|rlib|rmeta|hi|cm[aiox]|c|cc|cpp|cxx|h|hh|hpp|rs|go|hs|mli?|f|f90|zig|java|kt|scala|swift)$/;

/** Whether only a compiler or a linker reads a file. */
export function isBuildFile(path: string): boolean {
  return BUILD_FILE.test(path);
}

/** Whether a directory holds what a build has worked on; governed directories below it do not count. */
function isBuildTree(tree: FileTree, directory: ImagePath): boolean {
  const known = buildTrees.get(tree) ?? new Map<ImagePath, boolean>();
  buildTrees.set(tree, known);
  const cached = known.get(directory);
  if (cached !== undefined) return cached;
  const found = tree.list(directory).some((name) => {
    const path = childOf(directory, name);
    const type = tree.lookup(path)?.type;
    return type === 'directory' ? !isGoverned(path) && isBuildTree(tree, path) : isBuildFile(name);
  });
  known.set(directory, found);
  return found;
}

const buildTrees = new WeakMap<FileTree, Map<ImagePath, boolean>>();

/** Directories with a file of a package anywhere below them. */
function directoriesOfPackages({ packages }: DataContext): ReadonlySet<ImagePath> {
  const known = packageDirectories.get(packages);
  if (known !== undefined) return known;
  const directories = new Set<ImagePath>([ROOT]);
  for (const name of packages.names) {
    for (const path of packages.filesOf(name)) {
      for (let at = parentOf(path); !directories.has(at); at = parentOf(at)) directories.add(at);
    }
  }
  packageDirectories.set(packages, directories);
  return directories;
}

const packageDirectories = new WeakMap<DataContext['packages'], ReadonlySet<ImagePath>>();

/**
 * The widest directory of data that a file lies in: `/srv/git` for `/srv/git/a.git/HEAD`. It holds no file of a package
 * and is no build tree, unless the file's own directory is. null where there is only a directory of many owners.
 */
export function dataDirectory(
  file: ImagePath,
  context: DataContext,
  isPart: (directory: ImagePath) => boolean = () => true,
): ImagePath | null {
  if (isVolatile(file) || isGoverned(file)) return null;
  let at = parentOf(file);
  if (isShared(at)) return null;
  const owned = directoriesOfPackages(context);
  for (let above = parentOf(at); !isShared(above); above = parentOf(above)) {
    if (owned.has(above) || isBuildTree(context.tree, above) || !isPart(above)) break;
    at = above;
  }
  return at;
}

/** A directory that the author names, where it is data as a whole; null for a directory of many owners. */
export function namedDirectory(directory: ImagePath, context: DataContext): ImagePath | null {
  // by any file of it, so that the directory itself is the widest there can be
  return dataDirectory(childOf(directory, 'any'), context, () => false);
}

/**
 * What a directory of data holds, the directory with it, but nothing that is governed or that a package owns. Of a
 * build tree it is what lies in the directory itself, less what only a compiler reads.
 */
export function* dataBelow(directory: ImagePath, { tree, packages }: DataContext): Generator<ImagePath> {
  const isOurs = (path: ImagePath) =>
    !liesInVolatile(path) &&
    !isGoverned(path) &&
    packages.ownerOf(path) === undefined &&
    !packages.hasDirectory(path);
  const isCarried = ({ type }: TreeEntry) => type === 'file' || type === 'directory' || type === 'symlink';
  if (isOurs(directory)) yield directory;
  if (isBuildTree(tree, directory)) {
    for (const name of tree.list(directory)) {
      const path = childOf(directory, name);
      const isFile = tree.lookup(path)?.type === 'file';
      if (isFile && !isBuildFile(name) && isOurs(path)) yield path;
    }
    return;
  }
  for (const [path, entry] of walk(tree, directory)) if (isCarried(entry) && isOurs(path)) yield path;
}
