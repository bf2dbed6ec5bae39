import type { Reason } from '../analysis/need.ts';
import type { Rootfs } from '../image/rootfs.ts';
import { UserError } from '../shared/failure.ts';
import { isUtf8Name } from '../shared/file-name.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { ancestorsOf, comparePaths, type ImagePath } from '../shared/image-path.ts';
import { visible } from '../words/visible.ts';
import type { Plan } from './plan.ts';

/** A regular file of the result, and the path of the full root file system that it comes from. */
export type LayoutFile = {
  readonly type: 'file';
  /** Where it arrives: as the program names it, so that no link is needed on the way. */
  readonly path: ImagePath;
  /** What is copied; it may lead through links in the full root file system. */
  readonly source: ImagePath;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sha256: string;
  readonly size: number;
  readonly reasons: readonly Reason[];
};

/**
 * A directory of the result. COPY and WORKDIR make each with mode 755 and owner 0, whatever it was; only a staged root
 * keeps what it was, see `withExactDirectories`.
 */
export type LayoutDirectory = {
  readonly type: 'directory';
  readonly path: ImagePath;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whether nothing of the layout lies below it, so that a line has to make it. */
  readonly isEmpty: boolean;
  /** One COPY line copies it and all that is below it, see `withWholeDirectories`. */
  readonly isWhole?: true;
  readonly reasons: readonly Reason[];
};

/** A symbolic link of the result: only a whole directory and a staged root hold links. */
export type LayoutLink = {
  readonly type: 'symlink';
  readonly path: ImagePath;
  /** Its path in the full root file system. */
  readonly source: ImagePath;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** The text of the link. */
  readonly target: string;
  readonly reasons: readonly Reason[];
};

export type LayoutEntry = LayoutFile | LayoutDirectory | LayoutLink;

/** How each kept path arrives in an image that a Dockerfile of COPY lines can make. */
export type Layout = {
  /** In byte order, every directory on the way included. */
  readonly entries: readonly LayoutEntry[];
  /** Kept paths that no COPY line can carry: devices, sockets, FIFOs. */
  readonly left: readonly ImagePath[];
};

/** One path of a layout before it is looked up: where it arrives, what it is copied from, and why. */
export type Arrival = {
  readonly path: ImagePath;
  readonly source: ImagePath;
  readonly reasons: readonly Reason[];
  /** Of a directory: it keeps its mode and its owner. */
  readonly exact?: true;
  /** Of a directory: one line copies it with all that is below it, each of which is an arrival as well. */
  readonly whole?: true;
  /** The link itself arrives, and not what it leads to. */
  readonly link?: true;
};

type Ownership = Pick<LayoutDirectory, 'mode' | 'uid' | 'gid'>;

/** What COPY and WORKDIR give a directory. */
const USUAL: Ownership = { mode: 0o755, uid: 0, gid: 0 };

/** Whether a directory of a layout is another than COPY and WORKDIR make it. */
export function isUnusual({ mode, uid, gid }: Ownership): boolean {
  return mode !== USUAL.mode || uid !== USUAL.uid || gid !== USUAL.gid;
}

/**
 * The same arrivals with the mode and the owner of each directory that arrives or is on the way: an app that drops its
 * privileges writes only where its user may. Only a staged root can set them.
 */
export function withExactDirectories(rootfs: Rootfs, arrivals: readonly Arrival[]): Arrival[] {
  const known = new Set(arrivals.map(({ path }) => path));
  const parents = new Set(arrivals.flatMap(({ path }) => ancestorsOf(path)));
  const unusual = [...parents].filter((path) => {
    const ownership = known.has(path) ? undefined : ownershipOf(rootfs, path);
    return ownership !== undefined && isUnusual(ownership);
  });
  return [
    ...arrivals.map((arrival) =>
      ownershipOf(rootfs, arrival.source) === undefined ? arrival : { ...arrival, exact: true as const },
    ),
    ...unusual.map((path): Arrival => ({ path, source: path, reasons: [], exact: true })),
  ];
}

/** Of the directory that a path leads to; undefined where it leads to none. */
function ownershipOf(rootfs: Rootfs, path: ImagePath): Ownership | undefined {
  const { path: real, entry } = resolvePath(rootfs, path);
  const found = entry?.type === 'directory' ? rootfs.lookup(real) : undefined;
  return found && { mode: found.mode, uid: found.uid, gid: found.gid };
}

/**
 * Lays a plan out: each name that is needed becomes a regular file or a directory, since COPY gives
 * the content of a link that it copies by name. A file with several names arrives as often.
 */
export function layOut(rootfs: Rootfs, plan: Plan): Layout {
  return assembleLayout(rootfs, arrivalsOf(plan));
}

/** What of a plan arrives: each needed name alone, but for those that a program derives. */
export function arrivalsOf({ kept, names, derived }: Plan): Arrival[] {
  const reasons = new Map(kept.map((keptPath) => [keptPath.path, keptPath.reasons]));
  const unneeded = new Set(derived);
  return names
    .filter(({ name }) => !unneeded.has(name))
    .map(({ name, path }) => ({ path: name, source: name, reasons: reasons.get(path) ?? [] }));
}

/**
 * The layout of what arrives, with every directory on the way. Of two arrivals at one path the later wins.
 * @throws UserError `refused` for a name that is not UTF-8, which no Dockerfile can carry
 */
export function assembleLayout(rootfs: Rootfs, arrivals: readonly Arrival[]): Layout {
  const files = new Map<ImagePath, LayoutFile | LayoutLink>();
  const directories = new Map<ImagePath, Ownership & Pick<LayoutDirectory, 'reasons' | 'isWhole'>>();
  const left: ImagePath[] = [];
  for (const arrival of arrivals) {
    const lost = [arrival.path, arrival.source].find((name) => !isUtf8Name(name));
    if (lost !== undefined) throw notUtf8(lost);
    const { path, source, reasons } = arrival;
    const link = arrival.link ? rootfs.lookup(source) : undefined;
    if (link?.type === 'symlink') {
      const { mode, uid, gid, linkTarget } = link;
      files.set(path, { type: 'symlink', path, source, reasons, mode, uid, gid, target: linkTarget ?? '' });
      continue;
    }
    const { path: real, entry } = resolvePath(rootfs, source);
    const found = entry?.type === 'file' ? rootfs.lookup(real) : undefined;
    if (found !== undefined) {
      const { mode, uid, gid, size } = found;
      const sha256 = rootfs.hash(real);
      files.set(path, { type: 'file', path, source, reasons, mode, uid, gid, size, sha256 });
    } else if (entry?.type === 'directory') {
      const ownership = (arrival.exact && ownershipOf(rootfs, real)) || USUAL;
      directories.set(path, { ...ownership, reasons, ...(arrival.whole ? { isWhole: true } : {}) });
    }
    if (found === undefined && entry?.type !== 'directory') left.push(path);
  }
  const parents = new Set([...files.keys(), ...directories.keys()].flatMap(ancestorsOf));
  for (const path of parents) if (!directories.has(path)) directories.set(path, { ...USUAL, reasons: [] });
  const made = [...directories].map(
    ([path, about]): LayoutDirectory => ({ type: 'directory', path, isEmpty: !parents.has(path), ...about }),
  );
  return { entries: [...files.values(), ...made].sort((a, b) => comparePaths(a.path, b.path)), left };
}

function notUtf8(path: ImagePath): UserError {
  return new UserError(
    'refused',
    `cannot keep ${visible(path)}: its name is not UTF-8, which no Dockerfile can carry`,
    {
      hint: 'give it another name in the image, or drop it in kraft-slim.yaml if the app works without it',
    },
  );
}
