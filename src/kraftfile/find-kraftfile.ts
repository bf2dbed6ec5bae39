import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isNotFound, messageOf, UserError } from '../shared/failure.ts';
import { comparePaths } from '../shared/image-path.ts';

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
 * @returns host path of the file
 * @throws UserError `kraftfile-missing` or, where two standard names are there, `kraftfile-ambiguous`
 */
export async function findKraftfile(path: string): Promise<string> {
  const stats = await statIfPresent(path);
  if (stats?.isFile()) return path;
  if (!stats?.isDirectory()) {
    throw new UserError('kraftfile-missing', `cannot find a Kraftfile: there is no ${path}`);
  }
  const { files, markers } = await listKraftfiles(path);
  const standard = [...files, ...markers].filter((file) => isStandard(basename(file)));
  const [first, ...more] = standard;
  if (first !== undefined && more.length === 0) return first;
  const names = (paths: readonly string[], glue: string) => paths.map((file) => basename(file)).join(glue);
  if (more.length > 0) {
    const message = `cannot choose a Kraftfile: ${path} holds ${names(standard, ' and ')}`;
    throw new UserError('kraftfile-ambiguous', message, {
      hint: 'remove all but one, or name the one to use',
    });
  }
  const looked = `looked for ${STANDARD_NAMES.join(', ')}`;
  const hint = files.length === 0 ? looked : `${looked}; name one of ${names(files, ', ')}`;
  throw new UserError('kraftfile-missing', `cannot find a Kraftfile: there is none in ${path}`, { hint });
}

export type Kraftfiles = {
  /** Host paths of those with something in them, the standard names first, in kraft's order, then by bytes. */
  readonly files: readonly string[];
  /** Host paths of empty ones: the catalog marks the directories of its tests with them. */
  readonly markers: readonly string[];
};

/**
 * Every Kraftfile of a directory: the standard names, and `Kraftfile.NAME` as entries with one Dockerfile and many
 * commands have them. What editors and this tool leave behind (`.orig`, `.bak`, `~`) does not count.
 */
export async function listKraftfiles(directory: string): Promise<Kraftfiles> {
  const files: string[] = [];
  const markers: string[] = [];
  for (const name of (await namesIn(directory)).filter(isKraftfileName).sort(compareNames)) {
    const path = join(directory, name);
    const stats = await statIfPresent(path);
    if (stats?.isFile()) (stats.size === 0 ? markers : files).push(path);
  }
  return { files, markers };
}

/** Whether a file of this name is taken for a Kraftfile. */
export function isKraftfileName(name: string): boolean {
  if (isStandard(name)) return true;
  return /^Kraftfile\.[^/]*[^~/]$/.test(name) && !/\.(orig|bak|rej|swp|tmp)$/.test(name);
}

/**
 * The text of a Kraftfile.
 * @throws UserError `kraftfile-invalid` where it cannot be read or is not UTF-8
 */
export async function readKraftfileText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    const why = error instanceof TypeError ? 'it is not UTF-8 text' : messageOf(error);
    throw new UserError('kraftfile-invalid', `cannot read ${path}: ${why}`, { cause: error });
  }
}

function isStandard(name: string): boolean {
  return (STANDARD_NAMES as readonly string[]).includes(name);
}

/** The standard names in kraft's order, then all others by bytes. */
function compareNames(a: string, b: string): number {
  const names: readonly string[] = STANDARD_NAMES;
  const rank = (name: string) => (isStandard(name) ? names.indexOf(name) : names.length);
  return rank(a) - rank(b) || comparePaths(a, b);
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

async function statIfPresent(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
