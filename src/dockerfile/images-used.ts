import type { Dockerfile } from './model.ts';
import { readFrom } from './stages-used.ts';

/**
 * The images that any stage of a Dockerfile begins with, copies from or mounts, each once, in the order of the text.
 */
export function imagesUsed({ stages }: Dockerfile): string[] {
  const images = stages.flatMap(({ from, instructions }) => [
    ...(from.kind === 'image' ? [from.image] : []),
    ...instructions.flatMap(readFrom).flatMap((source) => (source.kind === 'image' ? [source.raw] : [])),
  ]);
  return [...new Set(images)];
}
