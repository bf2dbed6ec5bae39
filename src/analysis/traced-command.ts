import type { LaunchedCommand } from '../workload/run-launch.ts';

/** By these ld.so(8) loads the app's own libraries into a program, or prints what it does: into the tracer as well. */
const LOADER_VARIABLES = ['LD_PRELOAD', 'LD_AUDIT', 'LD_DEBUG'];

/**
 * A program as strace starts it. What its environment asks of the dynamic linker is for the program alone: a library
 * that claims another user keeps strace from attaching.
 */
export function tracedCommand(strace: readonly string[], { argv, env }: LaunchedCommand): LaunchedCommand {
  const names = LOADER_VARIABLES.filter((name) => env[name]);
  return {
    argv: [...strace, ...names.flatMap((name) => ['-E', `${name}=${env[name]}`]), '--', ...argv],
    // an engine adds the variables of the image, so that each is set to nothing
    env: { ...env, ...Object.fromEntries(names.map((name) => [name, ''])) },
  };
}
