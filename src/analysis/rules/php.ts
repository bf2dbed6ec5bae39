import { type FileTree, readText } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath, parentOf } from '../../shared/image-path.ts';
import { NOTHING, type Rule, type RuleContext } from '../rule.ts';
import { type PhpProgram, phpProgram, phpSettings } from './php-settings.ts';
import { isDirectory, isFile, pathsIn } from './tree-files.ts';

/**
 * php.ini, the scan directory, and the extensions that their lines name. An extension with a slash is a path; else it
 * is a file of extension_dir, by that name or with `.so` behind it: ext/standard/dl.c `php_load_extension`,
 * main/php_ini.c `php_load_zend_extension_cb`. Debian's PHP knows time zones only from tzdata (its patch
 * `Use-system-timezone`), and warns at every start where that of date.timezone is missing.
 */
export const php: Rule = {
  name: 'php',
  needs(context) {
    const program = phpProgram(context);
    if (program === undefined) return NOTHING;
    const { tree } = context;
    const files = phpSettings(context, program);
    const settings = files.flatMap((path) => settingsIn(readText(tree, path) ?? ''));
    const directories = extensionDirectories(context, settings);
    const libraries = settings.flatMap(({ name, value }) =>
      name === 'extension' || name === 'zend_extension' ? extensionFile(tree, value, directories) : [],
    );
    return { paths: [...files, ...debianZone(tree, program, settings)], libraries };
  },
};

/** One line of php.ini. */
export type Setting = { readonly name: string; readonly value: string };

/** The settings of a php.ini that have a value. */
export function settingsIn(text: string): Setting[] {
  return text.split('\n').flatMap((line) => {
    const [, name, written = ''] = /^\s*([\w.]+)\s*=(.*)$/s.exec(line) ?? [];
    const [, value = ''] = /^"?([^"]*)"?$/.exec((written.split(';')[0] ?? '').trim()) ?? [];
    return name === undefined || value.trim() === '' ? [] : [{ name, value: value.trim() }];
  });
}

function debianZone(tree: FileTree, { version }: PhpProgram, settings: readonly Setting[]): ImagePath[] {
  if (version === null || !isDirectory(tree, `/etc/php/${version}`)) return [];
  const zone = settings.findLast(({ name }) => name === 'date.timezone')?.value ?? 'UTC';
  return [imagePath(`/usr/share/zoneinfo/${zone}`)];
}

/** The last extension_dir counts. Without one it is compiled in, and the layouts in use show it. */
export function extensionDirectories(
  { tree, programFile }: Pick<RuleContext, 'tree' | 'programFile'>,
  settings: readonly Setting[],
): string[] {
  const set = settings.findLast(({ name }) => name === 'extension_dir')?.value;
  if (set?.startsWith('/')) return [set];
  const prefix = parentOf(parentOf(programFile));
  const below = (top: string, name: RegExp) =>
    pathsIn(tree, top).filter((path) => name.test(baseName(path)) && isDirectory(tree, path));
  const libraryTops = ['lib', 'lib64'].map((name) => `${prefix}/${name}`);
  return libraryTops.flatMap((top) => [
    ...below(`${top}/php/extensions`, /-\d{8}$/),
    ...below(`${top}/php`, /^\d{8}$/),
    ...below(top, /^php\d*$/).map((path) => `${path}/modules`),
  ]);
}

function extensionFile(tree: FileTree, value: string, directories: readonly string[]): string[] {
  const candidates = value.startsWith('/')
    ? [value]
    : directories.flatMap((directory) => [`${directory}/${value}`, `${directory}/${value}.so`]);
  const found = candidates.find((path) => isFile(tree, path));
  return found === undefined ? [] : [found as ImagePath];
}
