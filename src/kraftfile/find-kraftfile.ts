import { basename, dirname, join } from 'node:path';
import { messageOf, UserError } from '../shared/failure.ts';
import { comparePaths } from '../shared/image-path.ts';
import { listDirectory, readBytes, statPath, statWithin } from '../store/read.ts';

/** The names that kraft looks for, in its order (kraftkit, unikraft/app/project.go, DefaultFileNames). */
export const STANDARD_NAMES = [
  'kraft.yaml',
  'kraft.yml',
  'Kraftfile.yml',
  'Kraftfile.yaml',
  'Kraftfile',
] as const;

/**
 * The Kraftfile of an entry: of a directory the one with a standard name, or the file itself that is named, as
 * `kraft --kraftfile` takes it.
 * @param path host path of a directory or of a file
 * @param root host path of the catalog, which no link leads out of
 * @returns host path of the file
 * @throws UserError `kraftfile-missing` or, where two standard names are there, `kraftfile-ambiguous`
 */
export async function findKraftfile(path: string, root = path): Promise<string> {
  const stats = statWithin(path, { root });
  if (stats?.isFile()) return path;
  if (!stats?.isDirectory()) {
    throw new UserError('kraftfile-missing', `cannot find a Kraftfile: there is no ${path}`);
  }
  const { files, markers } = await listKraftfiles(path, root);
  const standard = [...files, ...markers].filter((file) => isStandardName(basename(file)));
  const [first, ...more] = standard;
  if (first !== undefined && more.length === 0) return first;
  const names = (paths: readonly string[], glue: string) => paths.map((file) => basename(file)).join(glue);
  if (more.length > 0) {
    const message = `cannot choose a Kraftfile: ${path} holds ${names(standard, ' and ')}`;
    throw new UserError('kraftfile-ambiguous', message, {
      hint: 'remove all Kraftfiles except one, or name the Kraftfile to use',
    });
  }
  const looked = `looked for ${STANDARD_NAMES.join(', ')}`;
  const hint = files.length === 0 ? looked : `${looked}; name one of ${names(files, ', ')}`;
  throw new UserError('kraftfile-missing', `cannot find a Kraftfile: it is not in ${path}`, { hint });
}

export type Kraftfiles = {
  /** Host paths of those with something in them, the standard names first, in kraft's order, then by bytes. */
  readonly files: readonly string[];
  /** Host paths of empty ones: the catalog marks the directories of its tests with them. */
  readonly markers: readonly string[];
};

/**
 * Every Kraftfile of a directory: the standard names, and `Kraftfile.NAME` as entries with one Dockerfile and many
 * commands have them. What editors and this tool leave behind (`.orig`, `.bak`, `~`) does not count. What has the name
 * and may not be read is among them: who reads it says why.
 * @param root host path of the catalog, which no link leads out of
 */
export async function listKraftfiles(directory: string, root = directory): Promise<Kraftfiles> {
  const names = (listDirectory(directory, { root }) ?? []).map(({ name }) => name);
  return kraftfilesAmong(directory, names, root);
}

/** See `listKraftfiles`; of a directory whose names are known. */
export function kraftfilesAmong(directory: string, listed: readonly string[], root: string): Kraftfiles {
  const files: string[] = [];
  const markers: string[] = [];
  for (const name of listed.filter(isKraftfileName).sort(compareNames)) {
    const path = join(directory, name);
    const stats = statLenient(path, root);
    if (stats === null || stats.isDirectory()) continue;
    (stats.isFile() && stats.size === 0 ? markers : files).push(path);
  }
  return { files, markers };
}

/** Whether a file of this name is taken for a Kraftfile. */
export function isKraftfileName(name: string): boolean {
  if (isStandardName(name)) return true;
  return /^Kraftfile\.[^/]*[^~/]$/.test(name) && !/\.(orig|bak|rej|swp|tmp)$/.test(name);
}

/** Of a link, what it leads to; where that may not be looked at, the link itself. */
function statLenient(path: string, root: string): ReturnType<typeof statPath> {
  try {
    return statWithin(path, { root });
  } catch (error) {
    if (error instanceof UserError) return statPath(path);
    throw error;
  }
}

/**
 * The text of a Kraftfile.
 * @param root host path of the catalog, which no link leads out of
 * @throws UserError `kraftfile-invalid` where it cannot be read or is not UTF-8; `refused` and `limit-exceeded` of
 * the store
 */
export async function readKraftfileText(path: string, root = dirname(path)): Promise<string> {
  try {
    const bytes = readBytes(path, { root, kind: 'Kraftfile' });
    if (bytes === null) throw new Error('it is not there');
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = error instanceof TypeError ? 'it is not UTF-8 text' : messageOf(error);
    throw new UserError('kraftfile-invalid', `cannot read ${path}: ${why}`, { cause: error });
  }
}

/** Whether kraft looks for a file of this name. */
export function isStandardName(name: string): boolean {
  return (STANDARD_NAMES as readonly string[]).includes(name);
}

/** The standard names in kraft's order, then all others by bytes. */
function compareNames(a: string, b: string): number {
  const names: readonly string[] = STANDARD_NAMES;
  const rank = (name: string) => (isStandardName(name) ? names.indexOf(name) : names.length);
  return rank(a) - rank(b) || comparePaths(a, b);
}
