import { type Dockerfile, isCopy } from '../dockerfile/model.ts';
import { type ImageReference, parseImageReference, showReference } from '../registry/image-reference.ts';

/** An image that a Dockerfile builds on, or takes files from. */
export type Base = {
  /** As it is named once variables are expanded. */
  readonly name: string;
  readonly reference: ImageReference;
};

/**
 * The images that a Dockerfile names, each once and in its order: in FROM, in `COPY --from` and in mounts of RUN.
 * @throws UserError `usage` where one is no name of an image.
 */
export function basesOf({ stages }: Dockerfile): Base[] {
  const names = stages.flatMap(({ from, instructions }) => [
    ...(from.kind === 'image' ? [from.image] : []),
    ...instructions.flatMap((instruction) => {
      if (isCopy(instruction)) return imageOf(instruction.from);
      return instruction.keyword === 'RUN' ? instruction.mounts.flatMap(({ from }) => imageOf(from)) : [];
    }),
  ]);
  return [...new Set(names)].map((name) => ({ name, reference: parseImageReference(name) }));
}

function imageOf(from: { readonly kind: string; readonly raw: string } | null): string[] {
  return from?.kind === 'image' && from.raw !== 'scratch' ? [from.raw] : [];
}

/** By what the digest of a base is remembered: a pin is no part of it. */
export function baseKey({ reference }: Base): string {
  return showReference({ ...reference, digest: null });
}
