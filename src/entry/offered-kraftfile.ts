import { holdsCatalogFolders } from '../catalog/catalog-root.ts';

/** In the open catalog an app is run by the loader of `base`. */
const OF_OPEN_CATALOG = 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n';

/** What a cloud makes of a directory that has but a Dockerfile: the command and the environment are the image's. */
const OF_CLOUD =
  'spec: v0.7\n\nruntime: base-compat:latest\n\nrootfs:\n  source: ./Dockerfile\n  format: erofs\n';

/** The Kraftfile that an entry is read by, and is offered, that has a Dockerfile alone. */
export function offeredKraftfile(catalogRoot: string): string {
  return holdsCatalogFolders(catalogRoot) ? OF_OPEN_CATALOG : OF_CLOUD;
}
