import type { FileTree } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath, parentOf } from '../../shared/image-path.ts';
import type { RuleContext } from '../rule.ts';
import { isDirectory, isFile, pathsIn } from './tree-files.ts';

/** How PHP is run; it decides about the names and places of its settings. */
export type PhpProgram = { readonly sapi: 'cli' | 'fpm' | 'cgi'; readonly version: string | null };

/** What shows where a PHP reads its settings. */
type PhpContext = Pick<RuleContext, 'tree' | 'env' | 'programFile'>;

/** `php`, `php8.2`, `php83`, `php-fpm8.2`, `php-fpm83`, `php-cgi`. */
const PROGRAM = /^php(?:-(fpm|cgi))?-?(\d[\d.]*)?$/;

/** Undefined for a program that is no PHP. */
export function phpProgram({ programFile }: Pick<RuleContext, 'programFile'>): PhpProgram | undefined {
  const found = PROGRAM.exec(baseName(programFile));
  if (found === null) return undefined;
  const sapi = (found[1] ?? 'cli') as PhpProgram['sapi'];
  return { sapi, version: found[2] ?? null };
}

/**
 * The settings that PHP reads: the first php.ini, and all of the scan directories, main/php_ini.c `php_init_config`.
 * What is compiled in (PHP_CONFIG_FILE_PATH, PHP_CONFIG_FILE_SCAN_DIR) is known by the layouts in use: Debian's
 * `/etc/php/8.2/cli`, upstream's `PREFIX/etc/php` (of the official image), Alpine's `/etc/php83`, Fedora's `/etc`.
 */
export function phpSettings(context: PhpContext, php: PhpProgram): ImagePath[] {
  const { tree } = context;
  const compiled = settingsDirectory(context, php);
  return [
    ...phpIni(context, php, compiled),
    ...scanDirectories(context, compiled).flatMap((path) => iniFiles(tree, path)),
  ];
}

function settingsDirectory({ tree, programFile }: PhpContext, { sapi, version }: PhpProgram): string {
  const prefix = parentOf(parentOf(programFile));
  const candidates = [
    ...(version === null ? [] : [`/etc/php/${version}/${sapi}`, `/etc/php${version.replace('.', '')}`]),
    `${prefix}/etc/php`,
    ...pathsIn(tree, '/etc').filter((path) => /^php\d+$/.test(baseName(path))),
  ];
  return candidates.find((path) => isDirectory(tree, path)) ?? '/etc';
}

/** PHPRC names the file itself or its directory. */
function phpIni({ tree, env, programFile }: PhpContext, { sapi }: PhpProgram, compiled: string): ImagePath[] {
  const named = env.PHPRC === undefined || env.PHPRC === '' ? [] : [env.PHPRC];
  if (named[0] !== undefined && isFile(tree, named[0])) return [imagePath(named[0])];
  const directories = [...named, parentOf(programFile), compiled];
  const candidates = [`php-${sapi}.ini`, 'php.ini'].flatMap((name) =>
    directories.map((directory) => imagePath(`${directory}/${name}`)),
  );
  const found = candidates.find((path) => isFile(tree, path));
  return found === undefined ? [] : [found];
}

/** PHP_INI_SCAN_DIR replaces the compiled one; where one of its parts is empty, that is the compiled one. */
function scanDirectories({ env }: PhpContext, compiled: string): string[] {
  const scanned = [compiled === '/etc' ? '/etc/php.d' : `${compiled}/conf.d`];
  return env.PHP_INI_SCAN_DIR?.split(':').flatMap((part) => (part === '' ? scanned : [part])) ?? scanned;
}

function iniFiles(tree: FileTree, directory: string): ImagePath[] {
  return pathsIn(tree, directory).filter((path) => path.endsWith('.ini') && isFile(tree, path));
}
