import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CATALOG_FOLDERS, findCatalogRoot, holdsCatalogFolders } from '../catalog/catalog-root.ts';
import { type Git, gitAt } from '../programs/git.ts';
import { UserError } from '../shared/failure.ts';

/** The first git that knows `safe.bareRepository` (git 2.38). */
const KNOWS_BARE = [2, 38] as const;

/**
 * Git at the top of the work tree that a catalog lies in; null where there is none. Only a `.git` at or above the
 * catalog's root counts: the `.git` of an entry, and a bare repository in it, come from the entry's author.
 * @throws UserError `refused` where the top looks like a bare repository too, and git is too old to ignore that.
 */
export async function findWorkTree(directory: string): Promise<Git | null> {
  const top = topAbove(outermostCatalog(directory));
  if (top === null) return null;
  const git = gitAt(top);
  if (looksBare(top)) await insistOnNewGit(git);
  return git;
}

function topAbove(directory: string): string | null {
  if (existsSync(join(directory, '.git'))) return directory;
  return dirname(directory) === directory ? null : topAbove(dirname(directory));
}

/**
 * The outermost catalog that has a directory in one of its folders. An entry with such folders and a `.git`
 * can pose as a catalog, so the nearest catalog is not enough.
 */
function outermostCatalog(directory: string): string {
  let root = findCatalogRoot(directory, directory);
  for (let at = directory; at !== dirname(at); ) {
    at = dirname(at);
    const folder = relative(at, directory).split('/')[0] ?? '';
    const isCatalog = holdsCatalogFolders(at) || existsSync(join(at, '.git'));
    if ((CATALOG_FOLDERS as readonly string[]).includes(folder) && isCatalog) root = at;
  }
  return root;
}

/** What git takes for a bare repository: gitrepository-layout(5). */
function looksBare(directory: string): boolean {
  const isDirectory = (name: string) =>
    statSync(join(directory, name), { throwIfNoEntry: false })?.isDirectory();
  return existsSync(join(directory, 'HEAD')) && Boolean(isDirectory('objects') && isDirectory('refs'));
}

async function insistOnNewGit(git: Git): Promise<void> {
  const version = await git.run(['version']);
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  if (major > KNOWS_BARE[0] || (major === KNOWS_BARE[0] && minor >= KNOWS_BARE[1])) return;
  throw new UserError('refused', `cannot use ${version.trim()} here: the catalog holds a bare repository`, {
    hint: `install git ${KNOWS_BARE.join('.')} or newer, or remove HEAD, objects/ and refs/`,
  });
}
