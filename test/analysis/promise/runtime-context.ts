import { readPackages } from '../../../src/analysis/promise/packages.ts';
import type { PromiseContext, PromiseRule } from '../../../src/analysis/promise/rule.ts';
import type { FileTree } from '../../../src/shared/file-tree.ts';
import { resolvePath } from '../../../src/shared/file-tree.ts';
import { type ImagePath, imagePath } from '../../../src/shared/image-path.ts';
import { memoryTree, type TreeTable } from '../../support/memory-tree.ts';

type Situation = {
  readonly tree: TreeTable;
  /** The program that the app starts. */
  readonly program: string;
  /** What the traced app opens. */
  readonly opened?: readonly string[];
  readonly promise?: 'app' | 'runtime';
  readonly installed?: readonly string[];
  /** Paths below these are of a RUN step. */
  readonly made?: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** What a promise rule sees of an app that starts a program and opens files. */
export function promiseContext({
  tree: table,
  program,
  opened = [],
  promise = 'app',
  installed = [],
  made = '/nowhere',
  env = {},
}: Situation): PromiseContext {
  const tree: FileTree = memoryTree({ [program]: { content: 'a program', mode: 0o755 }, ...table });
  const paths = [program, ...opened].map((path) => imagePath(path));
  return {
    tree,
    promise,
    needs: paths.map((path) => ({ path, reason: { kind: 'traced', how: 'opened' } })),
    kept: new Set(paths.map((path) => resolvePath(tree, path).path)),
    launches: [{ argv: [program], env }],
    programs: [resolvePath(tree, program).path],
    packages: readPackages(tree),
    installed,
    written: [],
    copiedIn: [],
    made: (path) => (path.startsWith(made) ? 'author' : 'base'),
    assumes: () => false,
  };
}

/** The paths that a rule keeps, each once, in their order. */
export async function keptBy(rule: PromiseRule, situation: Situation): Promise<ImagePath[]> {
  return [...new Set(await rule.needs(promiseContext(situation)))].sort();
}

/** The database of dpkg for packages with their files and what they depend on. */
export function dpkg(
  packages: Readonly<Record<string, { files: readonly string[]; depends?: string }>>,
): TreeTable {
  const stanzas = Object.entries(packages).map(
    ([name, { depends }]) =>
      `Package: ${name}\nStatus: install ok installed\n${depends === undefined ? '' : `Depends: ${depends}\n`}`,
  );
  const lists = Object.entries(packages).map(
    ([name, { files }]) => [`/var/lib/dpkg/info/${name}.list`, `${files.join('\n')}\n`] as const,
  );
  const files = Object.values(packages).flatMap((one) => one.files.map((path) => [path, path] as const));
  return {
    '/var/lib/dpkg/status': stanzas.join('\n'),
    ...Object.fromEntries(lists),
    ...Object.fromEntries(files),
  };
}
