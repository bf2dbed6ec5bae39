import { type FileTree, readText, resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../shared/image-path.ts';

const DPKG_INFO = imagePath('/var/lib/dpkg/info');
const APK_INSTALLED = '/lib/apk/db/installed';

/** What a package manager of an image knows of its paths, each by its own place. */
export type PackagePaths = {
  /** The package of each file and link. */
  readonly owners: Map<ImagePath, string>;
  /** The directories of all packages. */
  readonly directories: ReadonlySet<ImagePath>;
};

/** The package of each file that a package manager of the image knows; empty where the image has none. */
export function packageOwners(tree: FileTree): Map<ImagePath, string> {
  return packagePaths(tree).owners;
}

/**
 * Reads dpkg's lists, dpkg(1) section FILES, and apk's database, whose lines are described in apk's
 * doc/apk-installed-db.
 */
export function packagePaths(tree: FileTree): PackagePaths {
  const owners = new Map<ImagePath, string>();
  const directories = new Set<ImagePath>();
  const claim = (path: string, name: string) => {
    const found = resolvePath(tree, path, { followLast: false });
    // several packages have the same directory
    if (found.entry?.type === 'directory') directories.add(found.path);
    else if (found.entry !== undefined) owners.set(found.path, name);
  };
  for (const file of tree.list(DPKG_INFO)) {
    if (!file.endsWith('.list')) continue;
    const name = file.slice(0, -'.list'.length).replace(/:\w+$/, '');
    for (const path of (readText(tree, `${DPKG_INFO}/${file}`) ?? '').split('\n')) claim(path, name);
  }
  let [name, directory] = ['', ''];
  for (const line of (readText(tree, APK_INSTALLED) ?? '').split('\n')) {
    const value = line.slice(2);
    if (line.startsWith('P:')) name = value;
    else if (line.startsWith('F:')) {
      directory = value;
      claim(`/${value}`, name);
    } else if (line.startsWith('R:')) claim(`/${directory}/${value}`, name);
  }
  return { owners, directories };
}
