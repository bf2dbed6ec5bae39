import { type BaseConfig, expandStage } from '../../dockerfile/expand-stage.ts';
import type { CopyInstruction, Dockerfile, Stage } from '../../dockerfile/model.ts';
import { stageChain } from '../../dockerfile/stage-chain.ts';
import { stagesUsedBy } from '../../dockerfile/stages-used.ts';
import type { Engine, ImageConfig } from '../../engine/engine.ts';
import { envOfImage } from '../../entry/launch.ts';
import { imagePath, isWithin, ROOT } from '../../shared/image-path.ts';
import type { WarningListener } from '../reporter.ts';

/** The part of an engine that knows what an image sets. */
export type ImageInspector = Pick<Engine, 'inspectImage'>;

export type BaseSubject = {
  readonly dockerfile: Dockerfile;
  /** The stage that was built. */
  readonly full: Stage;
  /** Its configuration. */
  readonly image: Pick<ImageConfig, 'env' | 'workingDir'>;
};

/**
 * ENV and WORKDIR of the images that a stage, and the stages it is made of, begin with. BuildKit keeps images that it
 * has pulled to itself, so that the engine may not know one: for the stage's base the built image shows them as far
 * as the stages do not set them; else a COPY that depends on them is warned of.
 */
export async function baseConfigs(
  engine: ImageInspector,
  { warn }: WarningListener,
  { dockerfile, full, image: built }: BaseSubject,
): Promise<Map<string, BaseConfig>> {
  const bases = new Map<string, BaseConfig>();
  /** With what is known of their ENV. */
  const unknown = new Map<string, Record<string, string>>();
  const used = stagesUsedBy(dockerfile, full).map((index) => dockerfile.stages[index] as Stage);
  for (const { from } of used) {
    if (from.kind !== 'image' || bases.has(from.image) || unknown.has(from.image)) continue;
    const image = await engine.inspectImage(from.image);
    if (image === undefined) unknown.set(from.image, {});
    else bases.set(from.image, { environment: envOfImage(image), workdir: image.workingDir });
  }
  const chain = stageChain(dockerfile, full);
  const lowest = chain.at(-1)?.from;
  const setsWorkdir = chain.some(({ instructions }) =>
    instructions.some(({ keyword }) => keyword === 'WORKDIR'),
  );
  if (lowest?.kind === 'image' && unknown.has(lowest.image)) {
    const environment = inherited(chain, envOfImage(built));
    bases.set(lowest.image, { environment, workdir: setsWorkdir ? ROOT : built.workingDir });
    if (setsWorkdir) unknown.set(lowest.image, environment);
    else unknown.delete(lowest.image);
  }
  for (const [image, environment] of unknown) {
    const line = dependentLine(dockerfile, used, { image, environment });
    if (line === null) continue;
    const message = `the engine does not report the WORKDIR and ENV of ${image}, on which line ${line} depends: kraft-slim may drop files that this line copies if no probe touches them`;
    warn({ code: 'context-unknown', message });
  }
  return bases;
}

/** The ENV of a built image less what its own stages set. */
function inherited(
  chain: readonly Stage[],
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const set = new Set(
    chain.flatMap(({ instructions }) =>
      instructions.flatMap((instruction) =>
        instruction.keyword === 'ENV' ? instruction.pairs.map(({ name }) => name) : [],
      ),
    ),
  );
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !set.has(name)));
}

/** A name that no Dockerfile has. */
const NOWHERE = imagePath('/\u0001unknown-workdir');

/**
 * The first line that copies from the context to a place that only the base's WORKDIR or ENV names; null where none
 * does.
 */
function dependentLine(
  dockerfile: Dockerfile,
  used: readonly Stage[],
  { image, environment }: { image: string; environment: Readonly<Record<string, string>> },
): number | null {
  const baseConfig = () => ({ environment, workdir: NOWHERE });
  for (const stage of used) {
    const base = stageChain(dockerfile, stage).at(-1)?.from;
    if (base?.kind !== 'image' || base.image !== image) continue;
    for (const { instruction, copy, variables } of expandStage(dockerfile, stage, { baseConfig })
      .instructions) {
      if (copy === null || (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD')) continue;
      const depends = isWithin(copy.destination, NOWHERE);
      if (depends || namesUnknown(instruction, variables)) return instruction.lines.first;
    }
  }
  return null;
}

function namesUnknown(
  { sources, destination }: CopyInstruction,
  variables: ReadonlyMap<string, string>,
): boolean {
  const words = [...sources, destination].map(({ text }) => text).join(' ');
  return [...words.matchAll(/\$\{?(\w+)/g)].some(([, name]) => !variables.has(name as string));
}
