import type { Closure, LoadedObject } from '../../../src/elf/closure.ts';
import { type FileTree, resolvePath } from '../../../src/shared/file-tree.ts';
import type { ImagePath } from '../../../src/shared/image-path.ts';
import { type LoaderAnswer, WORKING_DIRECTORY } from './trace.ts';

/** In what a loader's answer and our closure differ, a sentence each. */
export function differencesOf(tree: FileTree, answer: LoaderAnswer, closure: Closure): string[] {
  // a missing preload stops no program, and is no line of the answer
  const missing = closure.missing.filter(({ request }) => request !== 'preload');
  const refused = missing.filter((one) => one.refused !== null);
  if (answer.refusal !== null) {
    const { refusal } = answer;
    const told = refused.some(
      ({ name, refused }) => refusal.includes(refused?.path ?? name) || refusal.includes(name),
    );
    return told ? [] : [`the loader refuses, we do not: ${refusal}`];
  }
  if (closure.libc === 'glibc' && refused.length > 0) {
    return refused.map(({ name, refused }) => `we refuse ${name}, the loader does not: ${refused?.reason}`);
  }
  const suppliedByVariants = new Set(closure.variants.flatMap(namesOf));
  const missingNames = new Set(missing.map(({ name }) => name));
  return [
    ...differencesOfFiles(tree, answer, closure),
    ...answer.notFound
      .filter((name) => !missingNames.has(name))
      .map((name) => `the loader does not find ${name}, we do`),
    ...[...missingNames]
      .filter((name) => !answer.notFound.includes(name) && !suppliedByVariants.has(name))
      .map((name) => `we do not find ${name}, the loader does`),
  ];
}

function differencesOfFiles(tree: FileTree, answer: LoaderAnswer, closure: Closure): string[] {
  const ours = new Map(
    [...closure.objects, ...closure.variants].map((object) => [object.realPath, object] as const),
  );
  const theirs = loadedFiles(tree, answer);
  // this processor may be a better one: then it loads a variant in the place of the object of the same name
  const replaced = new Set(closure.variants.filter(({ realPath }) => theirs.has(realPath)).flatMap(namesOf));
  const unexpected = closure.objects
    .filter((object) => !isProgramOrLoader(object) && !theirs.has(object.realPath))
    .filter((object) => !namesOf(object).some((name) => replaced.has(name)));
  return [
    ...[...theirs].flatMap(([path, text]) => differenceOfFile(path, text, ours.get(path))),
    ...unexpected.map(({ realPath }) => `we load ${realPath}, the loader does not`),
  ];
}

function differenceOfFile(path: ImagePath, text: string, object: LoadedObject | undefined): string[] {
  if (object === undefined) return [`the loader loads ${path}, we do not`];
  const spellings = object.lookups.map((lookup) => lookup.path);
  if (isProgramOrLoader(object) || spellings.includes(text)) return [];
  return [`the loader opens ${path} as ${text}, we as ${spellings.join(', ')}`];
}

/** The files of an answer, each by its place free of links, with the path that the loader opened. */
export function loadedFiles(tree: FileTree, answer: LoaderAnswer): Map<ImagePath, string> {
  const absolute = answer.loaded.map((text) =>
    text.startsWith('/') ? text : `${WORKING_DIRECTORY}/${text}`,
  );
  return new Map(absolute.map((text) => [resolvePath(tree, text).path, text]));
}

function isProgramOrLoader({ lookups: [first] }: LoadedObject): boolean {
  return first?.request === 'program' || first?.request === 'interpreter';
}

function namesOf({ lookups }: LoadedObject): string[] {
  return lookups.map(({ name }) => name);
}
