import { AsyncLocalStorage } from 'node:async_hooks';
import { type FileTree, readText, resolvePath } from '../../shared/file-tree.ts';
import { matches } from '../../shared/glob.ts';
import { baseName, type ImagePath, imagePath, isWithin, parentOf } from '../../shared/image-path.ts';
import { filesBelow, isFile, pathsIn } from './tree-files.ts';

/** The root file system that an application lies in, and the C library that its native modules are for. */
export type NodeSubject = { readonly tree: FileTree; readonly libc: 'glibc' | 'musl' | 'none' };

/**
 * Where the root of a tree is for nft. It names nothing on any host; and an application in `/` has a directory above it
 * then, without which nft finds neither its package.json nor its node_modules.
 */
export const TOP = imagePath('/kraft-slim-tree');

/** The tree of the trace that runs, also behind its promises. */
export const subjects = new AsyncLocalStorage<NodeSubject>();

/** A path of nft's as one of the tree; undefined for every path outside. */
export function insideTree(path: string): ImagePath | undefined {
  const plain = imagePath(path);
  return isWithin(plain, TOP) ? imagePath(plain.slice(TOP.length)) : undefined;
}

/** A path of the tree as nft knows it. */
export function forNft(path: ImagePath): string {
  return imagePath(`${TOP}${path}`);
}

/**
 * What nft's own modules get in place of those that look at the host: files come from the tree of the running trace,
 * native modules are looked for there as their finders do it, and nothing is loaded or run. nft has hooks for most
 * reading, but not for these: it globs, reads some packages' package.json, and calls an application's own copy of
 * node-gyp-build (out/analyze.js, out/utils/special-cases.js, out/utils/sharedlib-emit.js).
 */
export const STAND_INS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['fs', { existsSync, readFileSync }],
  ['graceful-fs', { existsSync, readFileSync, promises: {} }],
  ['glob', { glob: globInTree }],
  ['bindings', findByBindings],
  ['node-gyp-build', { path: findByNodeGypBuild }],
  ['resolve-from', refuse],
  ['@mapbox/node-pre-gyp', { find: findByPregyp, default: { find: findByPregyp } }],
  [
    './utils/binary-locators',
    { pregyp: { find: findByPregyp, default: { find: findByPregyp } }, nbind: () => null },
  ],
]);

function refuse(): never {
  throw notFound('a module of the host');
}

function notFound(what: string): Error {
  return Object.assign(new Error(`ENOENT: no such file in the tree: ${what}`), { code: 'ENOENT' });
}

function subject(): NodeSubject {
  return subjects.getStore() ?? refuse();
}

function existsSync(path: string): boolean {
  const inside = insideTree(path);
  return inside !== undefined && resolvePath(subject().tree, inside).entry !== undefined;
}

function readFileSync(path: string): string {
  const inside = insideTree(path);
  const text = inside === undefined ? undefined : readText(subject().tree, inside);
  if (text === undefined) throw notFound(path);
  return text;
}

/** nft's patterns are a directory, then names with `*`, `**` and `?(a|b)`; it never wants nested node_modules. */
async function globInTree(pattern: string): Promise<string[]> {
  const names = pattern.split('/');
  const first = names.findIndex((name) => /[*?]/.test(name));
  const directory = insideTree(names.slice(0, first).join('/'));
  if (first < 0 || directory === undefined) return [];
  const relative = names
    .slice(first)
    .join('/')
    .replaceAll(/\?\(([^)]*)\)/g, (_, choices) => asBraces(choices));
  return filesBelow(subject().tree, directory)
    .map((path) => ({ path, name: path.slice(directory === '/' ? 1 : directory.length + 1) }))
    .filter(({ name }) => !name.split('/').includes('node_modules') && matches(relative, name))
    .map(({ path }) => forNft(path));
}

/** `?(a|b)`, which is a, b or nothing. */
function asBraces(choices: string): string {
  return `{,${choices.replaceAll('|', ',')}}`;
}

/** bindings.js: the places that it tries, the usual ones. */
const BINDINGS_PLACES = [
  '',
  'build',
  'build/Debug',
  'build/Release',
  'out/Release',
  'Release',
  'build/default',
];

function findByBindings(options: { bindings: string; module_root?: string }): string {
  const name = options.bindings.endsWith('.node') ? options.bindings : `${options.bindings}.node`;
  const root = insideTree(options.module_root ?? '');
  const candidates =
    root === undefined ? [] : BINDINGS_PLACES.map((place) => imagePath(`${root}/${place}/${name}`));
  return firstFile(candidates, name);
}

/** node-gyp-build.js: what was built here, else what came with the package for this system. */
function findByNodeGypBuild(path: string): string {
  const { tree, libc } = subject();
  const root = insideTree(path);
  if (root === undefined) throw notFound(path);
  const prebuilt = pathsIn(tree, `${root}/prebuilds`)
    .filter((directory) => /^linux-.*x64/.test(baseName(directory)))
    .flatMap((directory) => pathsIn(tree, directory))
    .filter((file) => !baseName(file).includes(libc === 'musl' ? 'glibc' : 'musl'));
  const native = [...pathsIn(tree, `${root}/build/Release`), ...prebuilt].filter((file) =>
    file.endsWith('.node'),
  );
  return firstFile(native, path);
}

/** node-pre-gyp: `binary.module_name` of the package.json, wherever `module_path` puts it. */
function findByPregyp(packageFile: string): string {
  const { binary } = JSON.parse(readFileSync(packageFile)) as { binary?: { module_name?: string } };
  const root = insideTree(packageFile);
  const name = `${binary?.module_name}.node`;
  const files = root === undefined ? [] : filesBelow(subject().tree, parentOf(root));
  return firstFile(
    files.filter((file) => baseName(file) === name),
    packageFile,
  );
}

function firstFile(candidates: readonly ImagePath[], what: string): string {
  const found = candidates.find((path) => isFile(subject().tree, path));
  if (found === undefined) throw notFound(what);
  return forNft(found);
}
