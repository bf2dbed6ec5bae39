import type { Reason } from '../analysis/need.ts';
import { GENERATED_FILES } from '../image/engine-stubs.ts';
import type { Rootfs } from '../image/rootfs.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { ancestorsOf, type ImagePath, imagePath, isWithin, ROOT } from '../shared/image-path.ts';
import type { Arrival, Layout } from './layout.ts';

/** The file systems that a RUN sees instead of the image's own files: no stage assembles what lies there. */
export const MOUNTED = ['/dev', '/proc', '/sys'].map((path) => imagePath(path));

/**
 * The same arrivals with links as **links**: each name that leads through links arrives as those links and as what they
 * lead to, by its own place, so that a file of several names arrives once, and a program that writes through a link
 * writes where it always did. Only a stage that assembles the root can copy links as links.
 */
export function withLinks(rootfs: Rootfs, arrivals: readonly Arrival[]): Arrival[] {
  const whole = new Set(arrivals.flatMap((arrival) => (arrival.whole ? [arrival.path] : [])));
  const isInWhole = (path: ImagePath) => [path, ...ancestorsOf(path)].some((above) => whole.has(above));
  const there = new Set(arrivals.map(({ path }) => path));
  const linked = new Map<ImagePath, Arrival>();
  const rest: Arrival[] = [];
  for (const arrival of arrivals) {
    const { path: place, links, entry } = resolvePath(rootfs, arrival.path);
    const isApart = arrival.source !== arrival.path || arrival.link || isInWhole(arrival.path);
    if (isApart || links.length === 0 || entry === undefined || [place, ...links].some(isMade)) {
      rest.push(arrival);
      continue;
    }
    for (const link of links) {
      const { reasons } = arrival;
      if (!isInWhole(link)) linked.set(link, { path: link, source: link, reasons, link: true });
    }
    if (place !== ROOT && !there.has(place)) linked.set(place, { ...arrival, path: place, source: place });
  }
  return [...rest, ...linked.values()];
}

/** Whether the engine makes a path, or hides it from a stage. */
function isMade(path: ImagePath): boolean {
  return GENERATED_FILES.has(path) || MOUNTED.some((directory) => isWithin(path, directory));
}

/** Whether a program writes into a directory that it names through a link. */
export function writesThroughLinks(rootfs: Rootfs, arrivals: readonly Arrival[]): boolean {
  return arrivals.some((arrival) => isLinkWith(rootfs, arrival, 'written'));
}

/** Second copies of files of fewer bytes than these cost less than a stage that assembles the root. */
const MAX_COPIED_TWICE = 1024 * 1024;

/** Whether files that arrive under several names, which links join, are so large that the links have to stay links. */
export function copiesMuchTwice(rootfs: Rootfs, { entries }: Pick<Layout, 'entries'>): boolean {
  const seen = new Set<ImagePath>();
  let bytes = 0;
  for (const entry of entries) {
    if (entry.type !== 'file') continue;
    const { path } = resolvePath(rootfs, entry.source);
    if (seen.has(path)) bytes += entry.size;
    seen.add(path);
  }
  return bytes > MAX_COPIED_TWICE;
}

/**
 * Whether an app can distinguish a link from a file in its place: a program reads where a link leads, or is started by
 * a link and looks for its files beside itself (`$ORIGIN`, /proc/self/exe).
 */
export function readsLinks(rootfs: Rootfs, arrivals: readonly Arrival[]): boolean {
  return arrivals.some(
    (arrival) =>
      isLinkWith(rootfs, arrival, 'linked-through', 'executed') ||
      (arrival.reasons.some(({ kind }) => kind === 'started') && isLink(rootfs, arrival)),
  );
}

function isLinkWith(
  rootfs: Rootfs,
  arrival: Arrival,
  ...how: readonly Extract<Reason, { kind: 'traced' }>['how'][]
): boolean {
  return (
    arrival.reasons.some((reason) => reason.kind === 'traced' && how.includes(reason.how)) &&
    isLink(rootfs, arrival)
  );
}

function isLink(rootfs: Rootfs, { path }: Arrival): boolean {
  return resolvePath(rootfs, path, { followLast: false }).entry?.type === 'symlink';
}
