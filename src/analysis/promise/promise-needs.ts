import { fileSource } from '../../elf/byte-source.ts';
import { ElfError } from '../../elf/elf-error.ts';
import { isElf } from '../../elf/elf-header.ts';
import { type LoaderFiles, loaderFiles } from '../../elf/loader-files.ts';
import { readElf } from '../../elf/read-elf.ts';
import { append } from '../../shared/append.ts';
import { type FileTree, resolvePath } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import { needsOfClosure } from '../closure-needs.ts';
import type { Need } from '../need.ts';
import { filesBelow } from '../rules/tree-files.ts';
import { resolveProgram } from '../static.ts';
import { isShared } from './data-directory.ts';
import { isDeadWeight } from './dead-weight.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';
import { PROMISE_RULES } from './rules.ts';

/** A rule may build on what another rule keeps. The bound makes an end where two rules keep adding to each other. */
const MAX_ROUNDS = 3;

/**
 * What the promise keeps beyond the needs of `context`: the rules run until they add nothing new. Each ELF object that
 * they add keeps what it links.
 */
export async function promiseNeeds(
  context: PromiseContext,
  rules: readonly PromiseRule[] = PROMISE_RULES,
): Promise<Need[]> {
  const { tree, signal } = context;
  const files = loaderFiles(tree);
  const kept = new Set(context.kept);
  const needs = [...context.needs];
  const seen = new Set(needs.map(({ path }) => path));
  const added: Need[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const found: Need[] = [];
    for (const rule of rules) {
      signal?.throwIfAborted();
      append(found, await needsOfRule(rule, { ...context, needs, kept }));
    }
    const fresh = found.filter(({ path }) => !seen.has(path));
    const linked = fresh.flatMap(({ path }) => linkedBy(path, { tree, files, context, kept }));
    const news = [...fresh, ...linked].filter(({ path }) => {
      const isNew = !seen.has(path);
      seen.add(path);
      return isNew;
    });
    if (news.length === 0) break;
    append(needs, news);
    append(added, news);
    for (const { path } of news) kept.add(resolvePath(tree, path).path);
  }
  return added;
}

/** What a rule keeps that exists, less dead weight. */
async function needsOfRule({ name, needs }: PromiseRule, context: PromiseContext): Promise<Need[]> {
  const paths = await needs(context);
  return [...new Set(paths.flatMap((path) => [path, ...behindLink(path, context)]))]
    .filter((path) => {
      const { path: real, entry } = resolvePath(context.tree, path);
      return entry !== undefined && !isDeadWeight(real);
    })
    .map((path): Need => ({ path, reason: { kind: 'promise', rule: name } }));
}

/**
 * The files of a directory that a link of a package leads to, and that some package owns:
 * `/usr/share/nodejs/moment/locale` is `/usr/share/javascript/moment/locale`, of `libjs-moment`. Nothing of a directory
 * of many owners: packages list `/lib`, which is `/usr/lib`.
 */
function behindLink(path: ImagePath, { tree, packages }: PromiseContext): ImagePath[] {
  if (tree.lookup(path)?.type !== 'symlink' || packages.ownerOf(path) === undefined) return [];
  const target = resolvePath(tree, path);
  if (target.entry?.type !== 'directory' || isShared(target.path)) return [];
  return filesBelow(tree, target.path).filter((file) => packages.ownerOf(file) !== undefined);
}

type Linking = {
  readonly tree: FileTree;
  readonly files: LoaderFiles;
  readonly context: Pick<PromiseContext, 'launches'>;
  readonly kept: ReadonlySet<ImagePath>;
};

/**
 * What an ELF object links, by the search path of every launch. Each object is followed alone: of two libraries
 * with the same soname at two places, the order in which an app loads its modules decides which it opens.
 */
function linkedBy(path: ImagePath, { tree, files, context, kept }: Linking): Need[] {
  const { path: real, entry } = resolvePath(tree, path);
  if (entry?.type !== 'file' || kept.has(real) || !isDynamic(tree, real)) return [];
  const searchPaths = new Set(context.launches.map(({ env: { LD_LIBRARY_PATH = '' } }) => LD_LIBRARY_PATH));
  if (searchPaths.size === 0) searchPaths.add('');
  return [...searchPaths].flatMap((libraryPath) => {
    const options = { files, ...(libraryPath === '' ? {} : { libraryPath }) };
    return needsOfClosure(real, resolveProgram(tree, real, options).closure);
  });
}

function isDynamic(tree: FileTree, path: ImagePath): boolean {
  const source = fileSource(tree, path);
  try {
    return isElf(source) && readElf(source).dynamic !== null;
  } catch (error) {
    // the loader refuses a broken object as well
    if (error instanceof ElfError) return false;
    throw error;
  }
}
