import type { ImageReference } from '../registry/image-reference.ts';
import { UserError } from '../shared/failure.ts';

export type NameOptions = {
  readonly name: string | null;
  readonly version: string | null;
  readonly example: boolean;
};

/** A name or a version that is one directory of a catalog. */
const PLAIN = /^[\w][\w.-]*$/;

/** A version of a tag, as precise as the catalog's directories: `7.2` of `7.2.4-bookworm`. */
const TAG_VERSION = /^v?(\d+(?:\.\d+)?)/;

/**
 * The entry of an image: `library/redis/7.2` for `redis:7.2.4-bookworm`, `examples/redis` with `--example`.
 * @throws UserError `usage` where a version is needed and the tag has none, or a name is no directory's.
 */
export function entryNameOf(
  { repository, tag }: ImageReference,
  { name, version, example }: NameOptions,
): string {
  const title = name ?? repository.path.split('/').at(-1) ?? '';
  const of = version ?? TAG_VERSION.exec(tag ?? '')?.[1] ?? null;
  for (const part of [title, of]) {
    if (part === null || PLAIN.test(part)) continue;
    throw new UserError('usage', `cannot make an entry ${part}: the name is not a valid directory name`);
  }
  if (example) return `examples/${title}${version ?? ''}`;
  if (of === null) {
    throw new UserError(
      'usage',
      `cannot find the version of ${repository.path}: the tag ${tag ?? 'latest'} has none`,
      {
        hint: 'give --version, or --example',
      },
    );
  }
  return `library/${title}/${of}`;
}
