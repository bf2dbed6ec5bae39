import type { Command } from 'commander';
import type { VisitWait } from '../workload/visit.ts';
import { canAsk, untilLine } from './terminal.ts';
import type { OutputFlags } from './verb-flags.ts';

/** Ends the command with wrong usage where no person can use an app, or where the user distrusts it. */
export function refuseInteractive(
  command: Command,
  { json, quiet, untrusted }: OutputFlags & { readonly untrusted: boolean },
): void {
  const refuse = (why: string) => command.error(`cannot use --interactive: ${why}`, { exitCode: 2 });
  if (json) refuse('--json is for programs, and only a person can use the app');
  if (quiet) refuse('--quiet hides the address of the app');
  if (untrusted) refuse('--untrusted lets no app be reached from this machine');
  if (command.args.length > 1) refuse('it needs exactly one entry');
  if (process.env.CI !== undefined && process.env.CI !== '')
    refuse('a CI run has no person who uses the app');
  if (!canAsk()) refuse('it needs a terminal');
}

/** Waits until the user presses Enter, or the app has ended. */
export const untilEnter: VisitWait = async (ended) => await untilLine(ended);
