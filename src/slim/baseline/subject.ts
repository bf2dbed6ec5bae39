import type { Readable } from 'node:stream';
import type { ImageId } from '../../engine/engine.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import type { RootfsView } from '../../image/rootfs-view.ts';
import type { BuiltImage } from '../built-image.ts';

/** A root file system that a unit's cases are run on: the full one, the rebuilt one, a candidate. */
export type Subject = {
  /** What containers are made from. */
  readonly image: ImageId;
  /** Put into each container of the image; not given where the image holds all. */
  readonly files?: () => Readable;
  /** What a container then holds of the unit. */
  readonly view: () => Promise<RootfsView>;
  /** The image in which the clients and services of a workload are. */
  readonly clients: ImageId;
};

/** A built image to run cases on. */
export type BuiltSubject = Omit<Subject, 'view'> & { readonly view: () => Promise<Rootfs> };

/**
 * Clients come from the full image, since a slim one has none of them, or from what a stage made by hand copies from.
 */
export function subjectOf(built: BuiltImage, clients: ImageId = built.config.id): BuiltSubject {
  return { image: built.config.id, view: built.rootfs, clients };
}
