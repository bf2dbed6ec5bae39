import type { ImageConfig } from '../../engine/engine.ts';
import { envOfImage } from '../../entry/launch.ts';

/**
 * The variables of an image that a stage from scratch has to set again, so that each launch keeps its
 * environment: those that the platform of some Kraftfile sets otherwise or not at all.
 */
export function neededEnv(
  platforms: readonly Readonly<Record<string, string>>[],
  image: Pick<ImageConfig, 'env'>,
): Record<string, string> {
  const variables = Object.entries(envOfImage(image));
  return Object.fromEntries(
    variables.filter(([name, value]) => platforms.some((platform) => platform[name] !== value)),
  );
}
