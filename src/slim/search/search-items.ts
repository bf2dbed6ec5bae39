import { packageOwners } from '../../analysis/package-owners.ts';
import { GENERATED_FILES } from '../../image/engine-stubs.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import { directoryNames } from '../../plan/directory-names.ts';
import type { Arrival } from '../../plan/layout.ts';
import type { Item } from '../../search/problem.ts';
import { resolvePath } from '../../shared/file-tree.ts';
import { type ImagePath, imagePath, isWithin, parentOf, segments } from '../../shared/image-path.ts';

/** What a search keeps or removes at once, and how it arrives. */
export type SearchItem = Item & { readonly arrivals: readonly Arrival[] };

export type ItemsRequest = {
  readonly rootfs: Rootfs;
  /** What the analyses found, laid out. */
  readonly planned: readonly Arrival[];
  /** Whether the search may not remove what arrives so. */
  readonly isHeld: (arrival: Arrival) => boolean;
  /** Whether the user wants a path gone, whatever the app says. */
  readonly isDropped: (path: ImagePath) => boolean;
};

/** File systems that the kernel makes: what lies there cannot be shipped. */
const KERNEL_TREES = ['/proc', '/sys', '/dev'].map((path) => imagePath(path));

/**
 * The items of a search over a root file system: each name that the analyses found, and each other file, link and
 * empty directory with all of its names, so that it is there however the app asks for it. What lies in a directory
 * that the app listed is the first to be suspected.
 */
export function searchItems({ rootfs, planned, isHeld, isDropped }: ItemsRequest): SearchItem[] {
  const owners = packageOwners(rootfs);
  const namesOf = directoryNames(rootfs);
  const listed = new Set(planned.filter(isListed).map(({ source }) => resolvePath(rootfs, source).path));
  const itemOf = (arrivals: readonly Arrival[], about: Pick<Item, 'traced' | 'held'>): SearchItem => {
    const { path, entry } = resolvePath(rootfs, arrivals[0]?.source ?? '/');
    const place = resolvePath(rootfs, arrivals[0]?.source ?? '/', { followLast: false }).path;
    const groups = [owners.get(place) ?? owners.get(path) ?? '', ...segments(parentOf(place))];
    return {
      arrivals,
      groups,
      bytes: entry?.size ?? 0,
      suspicion: listed.has(parentOf(place)) ? 1 : 0,
      ...about,
    };
  };
  const known = new Set(planned.map(({ path }) => path));
  const items = planned.map((arrival) => itemOf([arrival], { traced: true, held: isHeld(arrival) }));
  for (const [path] of rootfs.entries()) {
    const found = resolvePath(rootfs, path);
    const isEmpty = found.entry?.type === 'directory' && rootfs.list(path).length === 0;
    if (found.entry?.type !== 'file' && !isEmpty) continue;
    if (GENERATED_FILES.has(path) || KERNEL_TREES.some((top) => isWithin(path, top)) || isDropped(path))
      continue;
    const names = namesOf(path).filter((name) => !known.has(name));
    const arrivals = names.map(
      (name): Arrival => ({ path: name, source: name, reasons: [{ kind: 'search' }] }),
    );
    if (arrivals.length > 0) items.push(itemOf(arrivals, { traced: false, held: false }));
  }
  return items;
}

function isListed({ reasons }: Arrival): boolean {
  return reasons.some((reason) => reason.kind === 'traced' && reason.how === 'listed');
}
