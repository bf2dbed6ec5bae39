import type { Closure, LoadedObject, Lookup } from '../elf/closure.ts';
import { type ImagePath, imagePath } from '../shared/image-path.ts';
import type { Need, Reason } from './need.ts';

/** The needs of what the dynamic linker opens for a program. */
export function needsOfClosure(
  program: ImagePath,
  closure: Pick<Closure, 'objects' | 'variants' | 'configuration'>,
): Need[] {
  return [
    ...[...closure.objects, ...closure.variants].flatMap((object) => needsOfObject(program, object)),
    ...closure.configuration.map(
      ({ path, kind }): Need => ({
        path,
        reason: { kind: 'rule', rule: `loader-${kind}` },
      }),
    ),
  ];
}

function needsOfObject(program: ImagePath, { lookups }: LoadedObject): Need[] {
  return lookups.flatMap((lookup) => {
    if (lookup.request === 'program') return [];
    const reason = reasonOf(lookup, program);
    return [namedPath(lookup), ...lookup.through].map((path) => ({ path, reason }));
  });
}

/** The path as the loader opens it; where a `..` makes its text ambiguous, the file's own place. */
export function namedPath({ path, realPath }: Pick<Lookup, 'path' | 'realPath'>): ImagePath {
  return path.split('/').includes('..') ? realPath : imagePath(path);
}

function reasonOf({ request, neededBy }: Lookup, program: ImagePath): Reason {
  return request === 'interpreter'
    ? { kind: 'interpreter', of: program }
    : { kind: 'elf-needed', by: neededBy ?? program };
}
