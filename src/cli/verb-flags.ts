import type { Command } from 'commander';

export type OutputFlags = { readonly json: boolean; readonly quiet: boolean };

/** The environment variable that has the effect of `--untrusted` on every call. */
const UNTRUSTED_ENV = 'KRAFT_SLIM_UNTRUSTED';

/**
 * Gives a verb the options that stand before it on the command line: an option has the same effect before and behind
 * the verb. An option that the verb does not have ends the command.
 */
export function adoptOptions(command: Command): void {
  const { parent } = command;
  const known = new Set(command.options.map((option) => option.attributeName()));
  for (const { long, ...option } of parent?.options.map(nameOf) ?? []) {
    if (parent?.getOptionValueSource(option.name) !== 'cli') continue;
    if (!known.has(option.name))
      command.error(`cannot use ${long}: the verb ${command.name()} has no such option`, { exitCode: 2 });
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

/** Adds the options of every verb. */
export function withOutputFlags(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on standard output', false)
    .option('--quiet', 'show no progress on standard error', false);
}

/** Adds `--untrusted`, for every verb that builds or runs what a catalog defines. */
export function withUntrusted(command: Command): Command {
  return command.option(
    '--untrusted',
    "refuse networks and secrets, even if the entries' settings request them (also: KRAFT_SLIM_UNTRUSTED=1)",
    false,
  );
}

/**
 * Whether the user distrusts the entries: by `--untrusted`, or by its environment variable with any value except the
 * empty text, 0 and false.
 */
export function untrustedOf(command: Command): boolean {
  const value = (process.env[UNTRUSTED_ENV] ?? '').trim().toLowerCase();
  return command.opts<{ untrusted: boolean }>().untrusted || !['', '0', 'false'].includes(value);
}
