import { type FileTree, readText } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath } from '../../shared/image-path.ts';
import { NOTHING, type Rule, type RuleContext } from '../rule.ts';
import { compiledTexts } from './compiled-texts.ts';
import { nodeFiles } from './node-files.ts';
import { isDirectory, isFile } from './tree-files.ts';

const PROGRAM = /^node(js)?(-?\d[\d.]*)?$/;

/** Options that name a module to load before the program, node(1). */
const PRELOADS = ['-r', '--require', '--import', '--loader', '--experimental-loader'];

/** Other options whose value is the next word. */
const WITH_VALUE = ['-C', '--conditions', '--input-type', '--title', '--icu-data-dir', '--openssl-config'];

/** What a name may leave out; that of an ES module it may not, but no other file can be meant. */
const SUFFIXES = ['', '.js', '.json', '.node', '.mjs', '.cjs'];

const EXTERNAL_BUILTINS = '/usr/share/nodejs/';

/** Options with which there is no program to load. */
const WITHOUT_PROGRAM = /^(-[epv]|-pe|-|--(eval|print|version|help|test))(=|$)/;

/**
 * What Node.js loads for the program that its command line names, and for the modules that -r and --import do, as
 * `@vercel/nft` finds it in their sources: lazy requires too, which a trace misses. The names are resolved from `/`,
 * since Unikraft ignores the working directory of an image. Native modules are libraries.
 */
export const node: Rule = {
  name: 'node',
  async needs(context) {
    const { tree, libc, programFile } = context;
    if (!isNode(baseName(programFile))) return NOTHING;
    const entries = modulesNamed(context).flatMap((name) => entryFile(tree, name) ?? []);
    const loaded =
      entries.length === 0 ? [] : await nodeFiles({ tree, libc }, entries, { signal: context.signal });
    const files = [...new Set([...externalBuiltins(context), ...entries, ...loaded])];
    const isNative = (path: ImagePath) => path.endsWith('.node');
    return { paths: files.filter((path) => !isNative(path)), libraries: files.filter(isNative) };
  },
};

/** Whether a program of that name is Node.js. */
export function isNode(name: string): boolean {
  return PROGRAM.test(name);
}

/**
 * Modules of Node's own that a distribution has as files, without which it does not start: src/node_builtins.cc,
 * `NODE_SHARED_BUILTIN_..._PATH`. Debian has them below /usr/share/nodejs, and names them in its libnode.
 */
function externalBuiltins({ tree, objects }: RuleContext): ImagePath[] {
  const library = objects.find((path) => baseName(path).startsWith('libnode.so'));
  if (library === undefined || !isDirectory(tree, EXTERNAL_BUILTINS)) return [];
  return [...compiledTexts(tree, library, { mark: EXTERNAL_BUILTINS, end: '\0' })]
    .map((name) => imagePath(`${EXTERNAL_BUILTINS}${name}`))
    .filter((path) => isFile(tree, path));
}

/** The words that name modules: preloads, and the first that is no option. */
function modulesNamed({ argv, env }: RuleContext): string[] {
  const named: string[] = [];
  const words = [...(env.NODE_OPTIONS?.split(/\s+/) ?? []).filter(Boolean), ...argv.slice(1)];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const [option = '', value] = word.split(/=(.*)/s);
    if (WITHOUT_PROGRAM.test(word)) return named;
    if (PRELOADS.includes(option)) named.push(value ?? words[++at] ?? '');
    else if (WITH_VALUE.includes(word)) at++;
    else if (!word.startsWith('-')) return [...named, word];
  }
  return named;
}

/** As lib/internal/modules/cjs/loader.js, `Module._findPath`, finds a program; packages are not looked for. */
function entryFile(tree: FileTree, name: string): ImagePath | undefined {
  if (name === '') return undefined;
  const main = /"main"\s*:\s*"([^"\\]+)"/.exec(readText(tree, imagePath(`${name}/package.json`)) ?? '')?.[1];
  const names = isFile(tree, imagePath(name))
    ? [name]
    : [name, ...(main ? [`${name}/${main}`] : []), `${name}/index`];
  const candidates = names.flatMap((text) => SUFFIXES.map((suffix) => imagePath(`${text}${suffix}`)));
  return candidates.find((path) => isFile(tree, path));
}
