import type { Command } from 'commander';

export type OutputFlags = { readonly json: boolean; readonly quiet: boolean };

/** Options of the default verb that stand before another one: nobody would heed them. */
export function refuseForeignOptions(command: Command): void {
  const { parent } = command;
  const own = new Set(command.options.map((option) => option.attributeName()));
  const foreign = parent?.options.find(
    (option) =>
      !own.has(option.attributeName()) && parent.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (foreign !== undefined)
    command.error(`${foreign.long} does not go with ${command.name()}`, { exitCode: 2 });
}

/** `--state` of a verb, given behind it or before it; null where it is not. */
export function stateOf(command: Command): string | null {
  const given = (one: Command | null) => one?.opts<{ state?: string }>().state;
  return given(command) ?? given(command.parent) ?? null;
}

/** Output flags of a verb, given behind it or before it. */
export function outputFlags(command: Command): OutputFlags {
  const [own, before] = [command.opts<OutputFlags>(), command.parent?.opts<OutputFlags>()];
  return { json: own.json || before?.json === true, quiet: own.quiet || before?.quiet === true };
}

/** Every verb has them. */
export function withOutputFlags(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on standard output', false)
    .option('--quiet', 'no progress on standard error', false);
}
