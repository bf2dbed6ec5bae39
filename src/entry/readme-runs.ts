import { basename, posix } from 'node:path';
import { type KraftRun, PLAIN_RUN, readKraftRun } from './kraft-run.ts';
import { type ReadmeCommand, readmeCommands } from './readme.ts';

/** One way in which a README runs the app, with the commands that belong to it, its `kraft run` lines among them. */
export type ReadmeRun = { readonly run: KraftRun; readonly commands: readonly ReadmeCommand[] };

/**
 * The runs of a README in their order. Lines with the same Kraftfile and arguments are one run (the published
 * image and the one built from the sources): ports, environment and volumes of all, the first wins. A command
 * belongs to the run above it, one above all runs to the first.
 */
export function readmeRuns(markdown: string): ReadmeRun[] {
  const runs = new Map<string, { run: KraftRun; commands: ReadmeCommand[] }>();
  const early: ReadmeCommand[] = [];
  let current = early;
  for (const command of readmeCommands(markdown)) {
    const run = readKraftRun(command.words);
    if (run !== undefined) {
      const key = JSON.stringify([run.kraftfile, run.args]);
      const known = runs.get(key) ?? { run, commands: runs.size === 0 ? early : [] };
      known.run = joinRuns(known.run, run);
      runs.set(key, known);
      current = known.commands;
    }
    current.push(command);
  }
  return [...runs.values()];
}

function joinRuns(first: KraftRun, second: KraftRun): KraftRun {
  const hosts = new Set(first.ports.map(({ host }) => host));
  const guests = new Set(first.volumes.map(({ guest }) => guest));
  return {
    ...first,
    ports: [...first.ports, ...second.ports.filter(({ host }) => !hosts.has(host))],
    env: { ...second.env, ...first.env },
    memoryBytes: first.memoryBytes ?? second.memoryBytes,
    volumes: [...first.volumes, ...second.volumes.filter(({ guest }) => !guests.has(guest))],
  };
}

/**
 * The run of a README that is of one Kraftfile: the first whose `-K` names it, else the first without `-K`;
 * undefined where there is none. Without a name it is the first.
 * @param kraftfileName its path relative to its unit, or its name alone.
 */
export function readmeRunOf(markdown: string, kraftfileName?: string): ReadmeRun | undefined {
  const runs = readmeRuns(markdown);
  if (kraftfileName === undefined) return runs[0];
  const names = [posix.normalize(kraftfileName), basename(kraftfileName)];
  return (
    runs.find(({ run: { kraftfile } }) => kraftfile !== null && names.includes(posix.normalize(kraftfile))) ??
    runs.find(({ run: { kraftfile } }) => kraftfile === null)
  );
}

/** How a README runs a Kraftfile; see `readmeRunOf`. */
export function runOf(markdown: string, kraftfileName?: string): KraftRun {
  return readmeRunOf(markdown, kraftfileName)?.run ?? PLAIN_RUN;
}
