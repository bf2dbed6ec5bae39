import { readPackages } from '../../src/analysis/promise/packages.ts';
import type { PromiseContext } from '../../src/analysis/promise/rule.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { memoryTree, type TreeTable } from './memory-tree.ts';

type Promising = {
  /** Names of packages with the paths in their lists. */
  readonly packages?: Readonly<Record<string, readonly string[]>>;
  /** What the base image holds as it is; all else is the author's. */
  readonly base?: readonly string[];
  readonly opened?: readonly string[];
  readonly listed?: readonly string[];
  readonly written?: readonly string[];
  readonly copiedIn?: readonly string[];
  /** The command line and the environment of the app. */
  readonly argv?: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
};

/** What a promise rule sees of a tree. */
export function promiseContext(
  table: TreeTable,
  {
    packages = {},
    base = [],
    opened = [],
    listed = [],
    written = [],
    copiedIn = [],
    argv = ['/app'],
    env = {},
  }: Promising = {},
): PromiseContext {
  const lists = Object.entries(packages).map(
    ([name, paths]) => [`/var/lib/dpkg/info/${name}.list`, `${paths.join('\n')}\n`] as const,
  );
  const tree = memoryTree({ ...table, ...Object.fromEntries(lists) });
  const traced = (how: 'opened' | 'listed') => (path: string) =>
    ({ path: imagePath(path), reason: { kind: 'traced', how } }) as const;
  return {
    tree,
    promise: 'app',
    needs: [...opened.map(traced('opened')), ...listed.map(traced('listed'))],
    kept: new Set(opened.map((path) => imagePath(path))),
    launches: [{ argv, env }],
    programs: [],
    written: written.map((path) => imagePath(path)),
    copiedIn: copiedIn.map((path) => imagePath(path)),
    packages: readPackages(tree),
    installed: [],
    made: (path) => (base.includes(path) ? 'base' : 'author'),
    assumes: () => false,
  };
}
