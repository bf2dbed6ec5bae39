/** Where a catalog has its GitHub workflows. */
const WORKFLOWS = '.github/workflows';

/** A library entry by its name: `library/redis/7.0`; a version may be missing, `library/base`. */
export type LibraryName = { readonly name: string; readonly version: string | null };

/** Undefined where an entry is none of the library's. */
export function libraryName(entry: string): LibraryName | undefined {
  const [folder, name, version = null, ...more] = entry.split('/');
  return folder === 'library' && name !== undefined && more.length === 0 ? { name, version } : undefined;
}

/** The workflow that builds and publishes a library entry: `library-redis7.0.yaml`; null where it has none. */
export function workflowOf(entry: string): string | null {
  const library = libraryName(entry);
  if (library === undefined) return null;
  return `${WORKFLOWS}/library-${library.name}${library.version ?? ''}.yaml`;
}

/** The image that a library entry is published as: `unikraft.org/redis:7.0`. */
export function publishedAs({ name, version }: LibraryName): string {
  return `unikraft.org/${name}:${version ?? 'latest'}`;
}
