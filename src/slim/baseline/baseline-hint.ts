import type { ImageConfig } from '../../engine/engine.ts';
import type { Launch } from '../../entry/launch.ts';
import { type FileTree, resolvePath } from '../../shared/file-tree.ts';

/** What an image asks for that Unikraft, and so the tool, does differently from `docker run`. */
type Image = Pick<ImageConfig, 'user' | 'workingDir' | 'env'>;

/** How a user gives an app what it lacks in a run without a network. */
export const NETWORK_HINT =
  'to run it in another way, set workload.arguments, workload.services or workload.network: bridge in kraft-slim.yaml';

/**
 * What a user can do where an app fails on its full root file system: what the tool does differently from `docker run`,
 * since Unikraft does, and the command that does the same with Docker.
 */
export function baselineHint(launch: Launch, image: Image, tree: FileTree): string {
  return [...userHint(image), ...directoryHint(launch, image, tree), dockerRunHint(launch, image)].join('; ');
}

/** Names of the user that every app on Unikraft has. */
const ROOTS: ReadonlySet<string> = new Set(['', '0', 'root']);

function userHint({ user }: Image): string[] {
  const [name = ''] = user.split(':');
  return ROOTS.has(name) ? [] : [`the image's USER ${user} has no effect: Unikraft runs every app as root`];
}

function directoryHint({ argv }: Launch, { workingDir }: Image, tree: FileTree): string[] {
  if (workingDir === '' || workingDir === '/') return [];
  const why = `the image's WORKDIR ${workingDir} has no effect: Unikraft starts every app in /`;
  const isThere = (path: string) => resolvePath(tree, path).entry !== undefined;
  const word = argv
    .slice(1)
    .find((text) => /^[\w.][^:=]*$/.test(text) && isThere(`${workingDir}/${text}`) && !isThere(`/${text}`));
  if (word === undefined) return [why];
  const path = `${workingDir}/${word}`.replace(/\/(?:\.?\/)+/g, '/');
  return [`${why}, so write ${path} in place of ${word} in cmd`];
}

/** The exact command to try; `IMAGE` is what `docker build` makes of the entry. */
function dockerRunHint({ argv: [program, ...args], env }: Launch, image: Image): string {
  const known = new Set(image.env);
  const variables = Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .filter((variable) => !known.has(variable))
    .flatMap((variable) => ['-e', variable]);
  const words = ['--rm', '--network', 'none', '-u', '0:0', '-w', '/', ...variables, '--entrypoint', program];
  return `try the image that docker build makes: docker run ${[...words, 'IMAGE', ...args].map(quoted).join(' ')}`;
}

/** A word as a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
