import type { Need } from '../../analysis/need.ts';
import type { ImageConfig } from '../../engine/engine.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import type { RootfsView } from '../../image/rootfs-view.ts';
import { type FileTree, resolvePath } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import { OverlayTree } from '../../shared/overlay-tree.ts';

/** Another entry's image that takes part in a run, built and taken. */
export type OtherImage = {
  readonly unit: RootfsUnit;
  readonly config: ImageConfig;
  readonly rootfs: Rootfs;
};

/** What an app sees when it runs, beside the root file system of the unit that is slimmed. */
export type Composition =
  | { readonly kind: 'alone' }
  /** The unit is a delta, and lies over its runtime. */
  | { readonly kind: 'over'; readonly runtime: OtherImage }
  /** The unit is a runtime, and the delta of an entry that builds on it lies over it. */
  | { readonly kind: 'under'; readonly delta: OtherImage };

type Layered = Exclude<Composition, { readonly kind: 'alone' }>;
type Overlay = OverlayTree<RootfsView, RootfsView>;

/** The whole that an app sees. `own` is the unit's part of it. */
export type Composed = {
  readonly tree: FileTree;
  /** The tree as an overlay; null where the unit is alone. */
  readonly overlay: Overlay | null;
  /**
   * Needs over the whole as needs over the unit's part: what the other part holds is left out, and what is
   * named through a link of the other part is named by its place.
   */
  readonly toUnit: (needs: readonly Need[]) => Need[];
};

/** Laying one tree over another reads what both hold: done once for each pair. */
const overlays = new WeakMap<RootfsView, WeakMap<RootfsView, Overlay>>();

function overlayOf(under: RootfsView, over: RootfsView): Overlay {
  const known = overlays.get(under) ?? new WeakMap();
  overlays.set(under, known);
  const overlay = known.get(over) ?? new OverlayTree(under, over);
  known.set(over, overlay);
  return overlay;
}

/** Composes the unit's own root file system, or a part of it, with what lies under or over it. */
export function compose(
  composition: Layered,
  unitFiles: RootfsView,
): Composed & { readonly overlay: Overlay };
export function compose(composition: Composition, unitFiles: RootfsView): Composed;
export function compose(composition: Composition, unitFiles: RootfsView): Composed {
  switch (composition.kind) {
    case 'alone':
      return { tree: unitFiles, overlay: null, toUnit: (needs) => [...needs] };
    case 'over': {
      const overlay = overlayOf(composition.runtime.rootfs, unitFiles);
      return { tree: overlay, overlay, toUnit: (needs) => needs.flatMap((need) => needsOver(overlay, need)) };
    }
    case 'under': {
      const overlay = overlayOf(unitFiles, composition.delta.rootfs);
      return {
        tree: overlay,
        overlay,
        toUnit: (needs) => needs.flatMap((need) => needsUnder(overlay, need)),
      };
    }
  }
}

function needsOver(overlay: OverlayTree, need: Need): Need[] {
  const { path, links } = resolvePath(overlay, need.path);
  const leading = links.flatMap((link) => {
    const inUnit = overlay.layerOf(link) === 'over' ? overlay.nameOver(link) : undefined;
    // one that leads out of the delta would be copied from nowhere
    return inUnit === undefined || resolvePath(overlay.over, inUnit).entry === undefined
      ? []
      : [{ ...need, path: inUnit }];
  });
  const inUnit = overlay.layerOf(path) === 'over' ? overlay.nameOver(path) : undefined;
  if (inUnit === undefined) return leading;
  return [{ ...need, path: isNameOf(overlay.over, need.path, inUnit) ? need.path : inUnit }];
}

function needsUnder(overlay: OverlayTree, need: Need): Need[] {
  const { path } = resolvePath(overlay, need.path);
  if (overlay.layerOf(path) !== 'under') return [];
  return [{ ...need, path: isNameOf(overlay.under, need.path, path) ? need.path : path }];
}

/** Whether a name leads to a place within one tree alone. */
function isNameOf(tree: FileTree, name: ImagePath, place: ImagePath): boolean {
  return resolvePath(tree, name).path === resolvePath(tree, place).path;
}
