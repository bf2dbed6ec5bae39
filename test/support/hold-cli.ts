import type { CliProcess } from './cli.ts';
import type { EngineRequest, HeldEngine } from './held-engine.ts';

/** The step that a command said last, such as `baseline`. */
export function stepOf(cli: CliProcess): string | undefined {
  return [...cli.said().matchAll(/^ *[\d.]+ s {2}\S+: (\w+): /gm)].at(-1)?.[1];
}

/** Rejects when the command ends: a test that waits for a moment fails where the command never comes to it. */
export async function neverAt(cli: CliProcess, moment: string): Promise<never> {
  const { stderr } = await cli.ended;
  throw new Error(`the command was never at ${moment}:\n${stderr}`);
}

export type Moment = {
  /** What the failure calls it. */
  readonly moment: string;
  readonly matches: (request: EngineRequest) => boolean | Promise<boolean>;
};

/**
 * Holds a command, which speaks to the engine through `engine`, at a request. Gives what lets it go on.
 * @throws Error where the command ends without such a request.
 */
export async function holdAt(
  cli: CliProcess,
  engine: HeldEngine,
  { moment, matches }: Moment,
): Promise<() => void> {
  const { reached, release } = engine.hold(matches);
  await Promise.race([reached, neverAt(cli, moment)]);
  return release;
}

/** Holds a command in a step, at the request to the engine there that has this place in order. */
export async function holdIn(
  cli: CliProcess,
  engine: HeldEngine,
  { step, nth }: { readonly step: string; readonly nth: number },
): Promise<() => void> {
  let seen = 0;
  const matches = () => {
    if (stepOf(cli) !== step) return false;
    seen += 1;
    return seen === nth;
  };
  return await holdAt(cli, engine, { moment: `request ${nth} of the step ${step}`, matches });
}

/** Waits until a command has started an app and waits for its end, and lets the command go on. */
export async function appRuns(cli: CliProcess, engine: HeldEngine): Promise<void> {
  const matches = (request: EngineRequest) => /^POST \/containers\/\w+\/wait$/.test(request);
  (await holdAt(cli, engine, { moment: 'the wait for the app', matches }))();
}
