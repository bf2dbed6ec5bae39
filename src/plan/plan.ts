import type { Need, Reason } from '../analysis/need.ts';
import type { Rootfs, Size } from '../image/rootfs.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { comparePaths, type ImagePath } from '../shared/image-path.ts';
import { derivedNames, type NamedFile } from './derived-names.ts';
import { aliasOf, type DirectoryAlias, namesBelow } from './directory-alias.ts';

/** A path of the root file system that is kept, and why. */
export type KeptPath = {
  /** Its own place: no link is on the way to it. */
  readonly path: ImagePath;
  /** One at least. */
  readonly reasons: readonly Reason[];
};

/** The closure of needs over a root file system. Pure data: nothing is decided after it but how it is laid out. */
export type Plan = {
  /** Links, files and directories, in byte order; directories that only lead to something are not among them. */
  readonly kept: readonly KeptPath[];
  /** Every name under which a kept path is needed, through links or not, and its own place. In byte order. */
  readonly names: readonly { readonly name: ImagePath; readonly path: ImagePath }[];
  /** Those of them that need no copy of their file, see `derivedNames`. */
  readonly derived: readonly ImagePath[];
  readonly keptSize: Size;
  readonly droppedSize: Size;
  /** Names that are needed but lead nowhere in the root file system. */
  readonly missing: readonly Need[];
};

/**
 * Closes needs over a root file system: with each path the links that lead to it. Where the author or the user names
 * a link to a directory, what is kept below its target is needed under the link's name as well. Adding a need never
 * removes anything (monotone), and the needs of a plan's own names give the same plan (idempotent).
 */
export function planSlim(rootfs: Rootfs, needs: readonly Need[]): Plan {
  const kept = new Map<ImagePath, Map<string, Reason>>();
  const names = new Map<ImagePath, ImagePath>();
  const missing: Need[] = [];
  const aliases: DirectoryAlias[] = [];
  const files: NamedFile[] = [];
  const keep = (path: ImagePath, reason: Reason) => {
    const reasons = kept.get(path) ?? new Map<string, Reason>();
    kept.set(path, reasons.set(JSON.stringify(reason), reason));
  };
  for (const need of needs) {
    const found = resolvePath(rootfs, need.path);
    if (found.entry === undefined) {
      missing.push(need);
      continue;
    }
    for (const link of found.links) keep(link, { kind: 'traced', how: 'linked-through' });
    keep(found.path, need.reason);
    names.set(need.path, found.path);
    if (found.entry.type === 'file') files.push({ name: need.path, ...found, reason: need.reason });
    const alias = aliasOf(rootfs, need);
    if (alias !== null) aliases.push(alias);
  }
  for (const name of [...namesBelow(aliases, [...new Set([...kept.keys(), ...names.keys()])])]) {
    if (!names.has(name)) names.set(name, resolvePath(rootfs, name).path);
  }
  const keptSize = rootfs.size(kept.keys());
  const all = rootfs.size();
  return {
    kept: [...kept]
      .map(([path, reasons]) => ({ path, reasons: [...reasons.values()] }))
      .sort((a, b) => comparePaths(a.path, b.path)),
    names: [...names].map(([name, path]) => ({ name, path })).sort((a, b) => comparePaths(a.name, b.name)),
    derived: derivedNames(files),
    keptSize,
    droppedSize: { files: all.files - keptSize.files, bytes: all.bytes - keptSize.bytes },
    missing,
  };
}
