import type { Need, Reason } from '../analysis/need.ts';
import { groupBy } from '../shared/group-by.ts';
import type { ImagePath } from '../shared/image-path.ts';

/** One name by which a file is needed, and where it leads. */
export type NamedFile = Pick<Need, 'reason'> & {
  readonly name: ImagePath;
  /** The file's own place. */
  readonly path: ImagePath;
  /** The links on the way. */
  readonly links: readonly ImagePath[];
};

/**
 * Of several names of one file those that a program **derives**: it reads a link that it runs or opens, and looks for
 * the file under the name that the link gave. CPython started as `/usr/bin/python3` looks for `/usr/bin/python3.11`
 * in this way. Where the link arrives as a file there is nothing to read, and the program uses the name that it has:
 * a second copy serves nothing.
 */
export function derivedNames(named: readonly NamedFile[]): ImagePath[] {
  return [...groupBy(named, ({ path }) => path)].flatMap(([path, all]) => {
    const names = groupBy(all, ({ name }) => name);
    if (names.size < 2) return [];
    const read = [...names.values()].filter(
      (needs) => needs.some(({ reason }) => isOf(reason, ['linked-through'])) && !needs.every(isLookedFor),
    );
    const linkNames = new Set(read.flatMap(([first]) => [path, ...(first?.links ?? [])]));
    const readNames = new Set(read.map(([first]) => first?.name));
    return [...names].flatMap(([name, needs]) =>
      linkNames.has(name) && !readNames.has(name) && needs.every(isLookedFor) ? [name] : [],
    );
  });
}

function isLookedFor({ reason }: Pick<Need, 'reason'>): boolean {
  return isOf(reason, ['stat', 'linked-through']);
}

function isOf(reason: Reason, ways: readonly string[]): boolean {
  return reason.kind === 'traced' && ways.includes(reason.how);
}
