import { resolvePath } from '../../shared/file-tree.ts';
import { type ImagePath, imagePath, parentOf, ROOT } from '../../shared/image-path.ts';
import { isAuthorSource, sourceText } from './author-sources.ts';
import { dataBelow, isBuildFile, namedDirectory } from './data-directory.ts';
import { oncePerFile } from './kept-code.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';

/**
 * What RUN steps of the author have made at a place that the author names: in the environment, on the command line, or
 * in a source of the author's that is kept. `ENV LD_LIBRARY_PATH=/opt/lib` and `open(f"/data/{name}.json")` name
 * places of which no probe has to touch a file. A directory stays as a whole, as in `authorFiles`.
 */
export const namedPlaces: PromiseRule = {
  name: 'named-places',
  needs(context) {
    const isAuthors = (path: ImagePath) =>
      context.made(path) === 'author' && context.packages.ownerOf(path) === undefined;
    const sources = [...context.kept].filter((path) => isAuthorSource(context, path));
    const names = new Set([
      ...context.launches.flatMap(({ argv, env }) => [...argv.flatMap(pathsIn), ...environmentPaths(env)]),
      ...sources.flatMap((path) => pathsOfText(context.tree, path)),
    ]);
    const places = new Set([...names].flatMap((name) => placeOf(name, context) ?? []));
    return [...places].flatMap((place) => atPlace(place, context)).filter(isAuthors);
  },
};

/** Absolute paths in a text: behind a quote, a blank or the like, so that parts of addresses and words are none. */
const PATH = /(?<=^|[\s"'`=:,;([<>])\/[\w.@+~-]+(?:\/[\w.@+~-]+)*\/?/g;

/**
 * Variables whose directories belong to the system, a user or a compiler: programs are found by PATH, and what an app
 * needs below the home of a toolchain is for the rules of runtimes.
 */
const OTHERS_VARIABLE = /^(?:PATH|PWD|OLDPWD|SHELL|TMPDIR|TMP|TEMP|GOPATH|NVM_DIR|.*HOME|.*ROOT|.*CACHE.*)$/i;

function environmentPaths(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => (OTHERS_VARIABLE.test(name) ? [] : pathsIn(value)));
}

function pathsIn(text: string): string[] {
  return text.match(PATH) ?? [];
}

/** The absolute paths that a text names; none in other files. */
const pathsOfText = oncePerFile((tree, path): readonly string[] => {
  const text = sourceText(tree, path);
  return text === null ? [] : [...new Set(pathsIn(text))];
});

/**
 * The file or directory that a name means. A name that ends before its last part does (`/data/item-` with a number
 * behind it) means the directory above.
 */
function placeOf(name: string, { tree }: PromiseContext): ImagePath | null {
  const path = imagePath(name);
  const found = resolvePath(tree, path);
  if (found.entry !== undefined) return found.path;
  const above = parentOf(path);
  if (above === ROOT) return null;
  const directory = resolvePath(tree, above);
  return directory.entry?.type === 'directory' ? directory.path : null;
}

/** What stays of a place: a file, or a directory with what it holds; nothing of one that many owners share. */
function atPlace(place: ImagePath, context: PromiseContext): ImagePath[] {
  if (context.tree.lookup(place)?.type !== 'directory') return isBuildFile(place) ? [] : [place];
  const directory = namedDirectory(place, context);
  return directory === null ? [] : [...dataBelow(directory, context)];
}
