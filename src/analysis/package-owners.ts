import { type FileTree, readText, resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../shared/image-path.ts';

const DPKG_INFO = imagePath('/var/lib/dpkg/info');
const APK_INSTALLED = '/lib/apk/db/installed';

/**
 * The package of each file that a package manager of the image knows, by the file's own place: dpkg's lists,
 * dpkg(1) section FILES, and apk's database, whose lines are described in apk's doc/apk-installed-db. Empty where the image has neither.
 */
export function packageOwners(tree: FileTree): Map<ImagePath, string> {
  const owners = new Map<ImagePath, string>();
  const own = (path: string, name: string) => {
    const found = resolvePath(tree, path, { followLast: false });
    // of directories every package has its own list
    if (found.entry !== undefined && found.entry.type !== 'directory') owners.set(found.path, name);
  };
  for (const file of tree.list(DPKG_INFO)) {
    if (!file.endsWith('.list')) continue;
    const name = file.slice(0, -'.list'.length).replace(/:\w+$/, '');
    for (const path of (readText(tree, `${DPKG_INFO}/${file}`) ?? '').split('\n')) own(path, name);
  }
  let [name, directory] = ['', ''];
  for (const line of (readText(tree, APK_INSTALLED) ?? '').split('\n')) {
    const value = line.slice(2);
    if (line.startsWith('P:')) name = value;
    else if (line.startsWith('F:')) directory = value;
    else if (line.startsWith('R:')) own(`/${directory}/${value}`, name);
  }
  return owners;
}
