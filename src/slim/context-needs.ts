import { join } from 'node:path';
import type { Need } from '../analysis/need.ts';
import { readBuildContext } from '../dockerfile/build-context.ts';
import { contextFiles } from '../dockerfile/context-files.ts';
import type { BaseConfig } from '../dockerfile/expand-stage.ts';
import type { Dockerfile, Stage } from '../dockerfile/model.ts';
import { envOfImage } from '../entry/launch.ts';
import type { Rootfs } from '../image/rootfs.ts';
import type { Workshop } from './workshop.ts';

/** What the author put in from the build context: it is kept even where no probe touches it. */
export async function contextNeeds(
  { engine, unit }: Pick<Workshop, 'engine' | 'unit'>,
  { dockerfile, full, rootfs }: { dockerfile: Dockerfile; full: Stage; rootfs: Rootfs },
): Promise<Need[]> {
  const { directory } = unit;
  const { entries } = await readBuildContext({ directory, dockerfile: join(directory, unit.dockerfile) });
  const bases = await baseConfigs(engine, dockerfile);
  const { files } = await contextFiles({
    dockerfile,
    stage: full,
    entries: entries.filter(({ ignored }) => !ignored),
    tree: rootfs,
    baseConfig: (image) => bases.get(image),
  });
  return files.map(({ imagePath, contextPath, instruction }) => ({
    path: imagePath,
    reason: { kind: 'build-context', source: contextPath ?? `line ${instruction.lines.first}` },
  }));
}

/** ENV and WORKDIR of the images that a Dockerfile begins with, as far as the engine has them. */
async function baseConfigs(
  engine: Workshop['engine'],
  { stages }: Dockerfile,
): Promise<Map<string, BaseConfig>> {
  const bases = new Map<string, BaseConfig>();
  for (const { from } of stages) {
    if (from.kind !== 'image' || bases.has(from.image)) continue;
    const image = await engine.inspectImage(from.image);
    if (image === undefined) continue;
    bases.set(from.image, { environment: envOfImage(image), workdir: image.workingDir });
  }
  return bases;
}
