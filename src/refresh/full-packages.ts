import { join, relative } from 'node:path';
import type { Config } from '../config/config-schema.ts';
import { readMarker } from '../dockerfile/marker.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { targetStage } from '../dockerfile/stages-used.ts';
import type { Engine } from '../engine/engine.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import { buildImage } from '../image/build.ts';
import { UserError } from '../shared/failure.ts';
import { originalOf } from '../slim/write/as-authored.ts';
import { basesOf } from './bases.ts';
import { type PackageVersions, readPackages } from './packages.ts';

/** An entry whose full root file system can be built. */
export type Buildable = {
  readonly unit: RootfsUnit;
  readonly config: Config;
  /** The Dockerfile as it is on disk. */
  readonly text: string;
};

export type PackagesOptions = {
  readonly engine: Engine;
  readonly signal: AbortSignal;
  /** Whether an image that the engine does not hold may be pulled: a tag may stand for another one by now. */
  readonly pulls: boolean;
};

/**
 * The packages of an entry's full root file system, which the engine builds from its cache where it was built lately.
 * null where it cannot be built, or not from what the engine holds; a stage made by hand has none.
 */
export async function fullPackages(
  { unit, config, text }: Buildable,
  { engine, signal, pulls }: PackagesOptions,
): Promise<PackageVersions | null> {
  const original = originalOf(text, readMarker(text));
  const dockerfile = parseDockerfile(original, { file: unit.dockerfile, buildArgs: config.build.args });
  const stage = targetStage(dockerfile, config.build.target);
  if (stage === undefined || stage.from.kind === 'scratch') return null;
  for (const { name } of basesOf(dockerfile)) {
    if (!pulls && (await engine.inspectImage(name)) === undefined) return null;
  }
  try {
    const image = await buildImage(engine, {
      directory: unit.context,
      root: unit.catalogRoot,
      dockerfile: relative(unit.context, join(unit.directory, unit.dockerfile)),
      text: original,
      ...(config.build.target === undefined ? {} : { target: config.build.target }),
      settings: config.build,
      signal,
      onWarning: () => undefined,
    });
    try {
      return await readPackages(engine, image, signal);
    } finally {
      await engine.removeImage(image);
    }
  } catch (error) {
    signal.throwIfAborted();
    // the image that it was built from is gone, and its packages are unknown
    if (error instanceof UserError) return null;
    throw error;
  }
}
