import type { Rule, RuleContext } from '../../../src/analysis/rule.ts';
import { resolvePath } from '../../../src/shared/file-tree.ts';
import { imagePath } from '../../../src/shared/image-path.ts';
import { memoryTree, type TreeTable } from '../../support/memory-tree.ts';

/** A launch as a table: what is not said is a program on glibc that imports nothing. */
export type LaunchTable = {
  readonly tree: TreeTable;
  /** Started by this path; argv[0] as well. */
  readonly program?: string;
  readonly args?: readonly string[];
  readonly env?: RuleContext['env'];
  readonly libc?: RuleContext['libc'];
  readonly imports?: readonly string[];
  readonly sonames?: readonly string[];
  /** Objects besides the program. */
  readonly objects?: readonly string[];
  readonly assume?: readonly Parameters<RuleContext['assumes']>[0][];
};

/** What a rule holds of a launch: paths that are there, and libraries, in byte order. */
export async function heldBy(
  rule: Rule,
  launch: LaunchTable,
): Promise<{ paths: string[]; libraries: string[] }> {
  const context = contextOf(launch);
  const { paths, libraries } = await rule.needs(context);
  const there = paths.filter((path) => resolvePath(context.tree, path).entry !== undefined);
  return { paths: [...new Set(there)].sort(), libraries: [...new Set(libraries)].sort() };
}

export const NOTHING_HELD = { paths: [], libraries: [] };

function contextOf(launch: LaunchTable): RuleContext {
  const {
    args = [],
    env = {},
    libc = 'glibc',
    imports = [],
    sonames = [],
    objects = [],
    assume = [],
  } = launch;
  const program = imagePath(launch.program ?? '/app');
  const tree = memoryTree(
    launch.program === undefined ? { '/app': 'a program', ...launch.tree } : launch.tree,
  );
  return {
    tree,
    argv: [program, ...args],
    env,
    program,
    programFile: resolvePath(tree, program).path,
    objects: [program, ...objects].map((path) => imagePath(path)),
    sonames: new Set(sonames),
    libc,
    imports: (...symbols) => symbols.some((symbol) => imports.includes(symbol)),
    assumes: (assumption) => assume.includes(assumption),
  };
}
