import type { EntryDockerfile } from './dockerfile.ts';
import type { Entry } from './entry.ts';
import type { CatalogFrame } from './frame.ts';
import type { HouseText } from './house-text.ts';
import type { EntryReadme } from './readme.ts';

/** What was read to be checked. */
export type Catalog = {
  readonly frame: CatalogFrame;
  /** Whether the catalog is checked, and not only some of its entries. */
  readonly isWhole: boolean;
  readonly entries: readonly Entry[];
  /** How all verbs call the entries that share a Dockerfile with other directories, by the names in `entries`. */
  readonly unitNames: ReadonlyMap<string, string>;
  readonly dockerfiles: readonly EntryDockerfile[];
  readonly readmes: readonly EntryReadme[];
  readonly texts: readonly HouseText[];
};
