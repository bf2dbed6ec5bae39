import type { ContainerSpec, Engine, ImageId } from '../engine/engine.ts';
import { type Program, ProgramAbsent, StartError, startProgram } from './program.ts';
import type { WorkloadLimits } from './workload.ts';

/** A program that runs beside an app, in its network: a service or a client. */
export type Companion = {
  readonly command: readonly string[];
  /** The image that it is in; null for the unit's full image. */
  readonly image: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | null;
};

/** Where the companions of one app run. */
export type Surroundings = {
  readonly network: ContainerSpec['network'];
  /** The unit's full image, and what is put into the environment that it sets. */
  readonly image: ImageId;
  readonly env: Readonly<Record<string, string>>;
  readonly limits: WorkloadLimits;
};

/** What engines say where the program, its interpreter or its loader is not there; runc and crun. */
const NOT_THERE = /executable file (?:.* )?not found|no such file or directory/;

/**
 * Starts a companion.
 * @throws StartError that names what is not there: its image, or the program in it.
 */
export async function startBeside(
  engine: Engine,
  { command, image: named, env, input = null }: Companion,
  { network, image: full, env: fullEnv, limits }: Surroundings,
): Promise<Program> {
  const image = named === null ? full : (await engine.inspectImage(named))?.id;
  if (image === undefined) throw new StartError(`the image ${named} is not in the engine`);
  const spec = { image, argv: command, env: named === null ? { ...fullEnv, ...env } : env, network, limits };
  try {
    return await startProgram(engine, spec, { input });
  } catch (error) {
    if (!(error instanceof StartError) || !NOT_THERE.test(error.message)) throw error;
    if (named === null) throw new ProgramAbsent(`${command[0]} is not in the full image`);
    throw new StartError(`${command[0]} is not in the image ${named}`);
  }
}
