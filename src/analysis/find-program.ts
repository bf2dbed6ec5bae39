import { UserError } from '../shared/failure.ts';
import { type FileTree, resolvePath, walk } from '../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath } from '../shared/image-path.ts';
import { nearestMatch } from '../shared/nearest-match.ts';

/**
 * Where the program of a command line is in a root file system: the path itself where it has a slash, else the
 * first regular file of that name along PATH, execvp(3). Links are not resolved in the answer.
 * @throws UserError `cmd-not-found`, with the nearest path that there is.
 */
export function findProgram(
  tree: FileTree,
  command: string,
  env: Readonly<Record<string, string>>,
): ImagePath {
  const found = command.includes('/') ? fileAt(tree, command) : findInPath(tree, command, env);
  if (found !== undefined) return found;
  const nearest = nearestPath(tree, command);
  throw new UserError('cmd-not-found', `cannot find the command ${command} in the root file system`, {
    hint: nearest === undefined ? 'correct cmd in the Kraftfile' : `did you mean ${nearest}?`,
  });
}

/** The first regular file of a name along PATH; undefined where there is none. */
export function findInPath(
  tree: FileTree,
  name: string,
  { PATH = '' }: Readonly<Record<string, string>>,
): ImagePath | undefined {
  for (const directory of PATH.split(':')) {
    const found = fileAt(tree, `${directory}/${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fileAt(tree: FileTree, path: string): ImagePath | undefined {
  return resolvePath(tree, path).entry?.type === 'file' ? imagePath(path) : undefined;
}

/** The same name elsewhere, else the most similar executable. */
function nearestPath(tree: FileTree, command: string): string | undefined {
  const name = baseName(imagePath(command));
  const programs: ImagePath[] = [];
  for (const [path, entry] of walk(tree)) {
    if (entry.type === 'file' && (entry.mode & 0o111) !== 0 && !path.includes('.so')) programs.push(path);
  }
  const same = programs.find((path) => baseName(path) === name);
  if (same !== undefined) return same;
  const nearest = nearestMatch(name, programs.map(baseName));
  return programs.find((path) => baseName(path) === nearest);
}
