import type { Command } from 'commander';

export type OutputFlags = { readonly json: boolean; readonly quiet: boolean };

/** The environment variable that has the effect of `--untrusted` on every call. */
const UNTRUSTED_ENV = 'KRAFT_SLIM_UNTRUSTED';

/**
 * Gives a verb the options that stand before it on the command line: what a user writes there never has another effect
 * than behind the verb. One that the verb does not have ends the command.
 */
export function adoptOptions(command: Command): void {
  const { parent } = command;
  const own = new Set(command.options.map((option) => option.attributeName()));
  for (const { long, ...option } of parent?.options.map(nameOf) ?? []) {
    if (parent?.getOptionValueSource(option.name) !== 'cli') continue;
    if (!own.has(option.name)) command.error(`${long} does not go with ${command.name()}`, { exitCode: 2 });
    if (command.getOptionValueSource(option.name) === 'cli') continue;
    command.setOptionValueWithSource(option.name, parent.getOptionValue(option.name), 'cli');
  }
}

function nameOf(option: Command['options'][number]): { readonly name: string; readonly long: string } {
  return { name: option.attributeName(), long: option.long ?? option.flags };
}

/** `--state` of a verb; null where it is not given. */
export function stateOf(command: Command): string | null {
  return command.opts<{ state?: string }>().state ?? null;
}

/** Output flags of a verb. */
export function outputFlags(command: Command): OutputFlags {
  const { json, quiet } = command.opts<OutputFlags>();
  return { json, quiet };
}

/** Every verb has them. */
export function withOutputFlags(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on standard output', false)
    .option('--quiet', 'no progress on standard error', false);
}

/** Every verb has it that builds or runs what a catalog asks for. */
export function withUntrusted(command: Command): Command {
  return command.option(
    '--untrusted',
    "refuse networks and secrets that the entries' settings ask for (also: KRAFT_SLIM_UNTRUSTED=1)",
    false,
  );
}

/** Whether the user trusts the entries: `--untrusted`, or its environment variable with any value but an empty one, 0 and false. */
export function untrustedOf(command: Command): boolean {
  const said = (process.env[UNTRUSTED_ENV] ?? '').trim().toLowerCase();
  return command.opts<{ untrusted: boolean }>().untrusted || !['', '0', 'false'].includes(said);
}
