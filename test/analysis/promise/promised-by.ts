import { readPackages } from '../../../src/analysis/promise/packages.ts';
import { promiseNeeds } from '../../../src/analysis/promise/promise-needs.ts';
import type { PromiseContext, PromiseRule } from '../../../src/analysis/promise/rule.ts';
import { type ImagePath, imagePath } from '../../../src/shared/image-path.ts';
import { buildElf } from '../../support/elf-builder.ts';
import { memoryTree, type TreeTable } from '../../support/memory-tree.ts';

export type Promised = {
  readonly promise?: PromiseContext['promise'];
  /** Default: every ELF file of the table. */
  readonly kept?: readonly string[];
  readonly programs?: readonly string[];
  readonly installed?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly assume?: readonly Parameters<PromiseContext['assumes']>[0][];
};

/** What a rule promises of an entry, in byte order; of paths that exist, without dead weight. */
export async function promisedBy(
  rule: PromiseRule,
  table: TreeTable,
  options: Promised = {},
): Promise<string[]> {
  const { promise = 'app', programs = [], installed = [], env = {}, assume = [] } = options;
  const tree = memoryTree(table);
  const objects = Object.keys(table).filter((path) => table[path] instanceof Uint8Array);
  const paths = (names: readonly string[]): ImagePath[] => names.map((name) => imagePath(name));
  const needs = await promiseNeeds(
    {
      tree,
      promise,
      needs: [],
      kept: new Set(paths(options.kept ?? objects)),
      launches: [{ argv: ['/app'], env }],
      programs: paths(programs),
      packages: readPackages(tree),
      installed,
      made: () => 'base',
      written: [],
      copiedIn: [],
      assumes: (assumption) => assume.includes(assumption),
    },
    [rule],
  );
  return needs.map(({ path }) => path).sort();
}

/** An ELF object that imports functions, links no library, and holds `data` in its bytes. */
export function object({ imports = [], data = '' }: { imports?: readonly string[]; data?: string } = {}) {
  return buildElf({ symbols: imports.map((name) => ({ name })), data });
}

/** dpkg's database: of each package its fields beside the name, and its files. */
export function dpkg(
  packages: Readonly<Record<string, { fields?: readonly string[]; files: readonly string[] }>>,
): Record<string, string> {
  const stanzas = Object.entries(packages).map(([name, { fields = [] }]) =>
    [`Package: ${name}`, 'Status: install ok installed', ...fields, ''].join('\n'),
  );
  return {
    '/var/lib/dpkg/status': stanzas.join('\n'),
    ...Object.fromEntries(
      Object.entries(packages).map(([name, { files }]) => [
        `/var/lib/dpkg/info/${name}.list`,
        `${files.join('\n')}\n`,
      ]),
    ),
  };
}
