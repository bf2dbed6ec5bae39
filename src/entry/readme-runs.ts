import { basename, posix } from 'node:path';
import { readCloudRun, readUnikraftBuild } from './cloud-run.ts';
import { type KraftRun, PLAIN_RUN, readKraftRun } from './kraft-run.ts';
import { type ReadmeCommand, readmeCommands } from './readme.ts';

/** One way in which a README runs the app, with the commands that belong to it, the lines that run it among them. */
export type ReadmeRun = { readonly run: KraftRun; readonly commands: readonly ReadmeCommand[] };

/**
 * The runs of a README in their order. Lines with the same Kraftfile, arguments and directory are one run (the
 * published image and the one built from the sources, by `kraft` and by `unikraft`): ports, environment and volumes
 * of all, the first wins. A command belongs to the run above it, one above all runs to the first.
 */
export function readmeRuns(markdown: string): ReadmeRun[] {
  const runs = new Map<string, { run: KraftRun; commands: ReadmeCommand[] }>();
  const early: ReadmeCommand[] = [];
  const built = new Map<string, string>();
  let current = early;
  for (const command of readmeCommands(markdown)) {
    const build = readUnikraftBuild(command.words);
    if (build !== undefined) built.set(build.image, build.project);
    const run = readRun(command.words, built);
    if (run !== undefined) {
      const key = JSON.stringify([run.kraftfile, run.args, directoryOf(run)]);
      const known = runs.get(key) ?? { run, commands: runs.size === 0 ? early : [] };
      known.run = joinRuns(known.run, run);
      runs.set(key, known);
      current = known.commands;
    }
    current.push(command);
  }
  return [...runs.values()];
}

/** A line that runs an app; of an image that the README builds, with the directory that it is built from. */
function readRun(words: readonly string[], built: ReadonlyMap<string, string>): KraftRun | undefined {
  const run = readKraftRun(words) ?? readCloudRun(words);
  const image = run?.cloud?.image ?? null;
  const project = image === null ? undefined : built.get(image);
  if (run === undefined || run.cloud === null || project === undefined) return run;
  return { ...run, cloud: { ...run.cloud, project } };
}

/** The directory whose app a run starts, from the README's; an image that the README does not build may be its app. */
export function directoryOf({ cloud }: KraftRun): string {
  return posix.normalize(`${cloud?.project ?? '.'}/`);
}

/** One run by what two places say of it: the first wins. */
export function joinRuns(first: KraftRun, second: KraftRun): KraftRun {
  const joined = (of: 'ports' | 'udpPorts') => {
    const hosts = new Set(first[of].map(({ host }) => host));
    return [...first[of], ...second[of].filter(({ host }) => !hosts.has(host))];
  };
  const guests = new Set(first.volumes.map(({ guest }) => guest));
  return {
    ...first,
    ports: joined('ports'),
    udpPorts: joined('udpPorts'),
    env: { ...second.env, ...first.env },
    memoryBytes: first.memoryBytes ?? second.memoryBytes,
    args: first.args ?? second.args,
    volumes: [...first.volumes, ...second.volumes.filter(({ guest }) => !guests.has(guest))],
    cloud: first.cloud === null || second.cloud === null ? null : first.cloud,
  };
}

/**
 * The run of a README that is of one Kraftfile: the first whose `-K` names it, else the first without `-K`;
 * undefined where there is none. Without a name it is the first.
 * @param kraftfileName its path relative to its unit, or its name alone.
 */
export function readmeRunOf(markdown: string, kraftfileName?: string): ReadmeRun | undefined {
  return readmeRunsOf(markdown, kraftfileName)[0];
}

/** All runs of a README that are of one Kraftfile, each with other arguments; see `readmeRunOf`. */
function readmeRunsOf(markdown: string, kraftfileName?: string): readonly ReadmeRun[] {
  const runs = readmeRuns(markdown);
  return kraftfileName === undefined ? runs : runsOfKraftfile(runs, kraftfileName);
}

/** Those of some runs that are of one Kraftfile, each with other arguments; see `readmeRunOf`. */
export function runsOfKraftfile(runs: readonly ReadmeRun[], kraftfileName: string): readonly ReadmeRun[] {
  const names = [posix.normalize(kraftfileName), basename(kraftfileName)];
  const named = runs.filter(
    ({ run: { kraftfile } }) => kraftfile !== null && names.includes(posix.normalize(kraftfile)),
  );
  return named.length > 0 ? named : runs.filter(({ run: { kraftfile } }) => kraftfile === null);
}

/** More command lines of one Kraftfile than these are not run. */
const MAX_RUNS = 4;

/**
 * The launches of a Kraftfile: the runs of its README, and its own command where each of them has words that take that
 * command's place. The first is how the README uses the app; undefined stands for a README without a run.
 */
export function launchRuns(
  runs: readonly ReadmeRun[],
  kraftfileName: string,
  command: readonly string[],
): readonly (ReadmeRun | undefined)[] {
  const [first, ...more] = runsOfKraftfile(runs, kraftfileName);
  if (first === undefined) return [undefined];
  const all = [first, ...more];
  const isReplaced =
    command.length > 0 && all.every(({ run: { args } }) => args !== null && !isSame(args, command));
  const plain: ReadmeRun[] = isReplaced ? [{ run: { ...first.run, args: null }, commands: [] }] : [];
  return [first, ...plain, ...more].slice(0, MAX_RUNS);
}

function isSame(words: readonly string[], others: readonly string[]): boolean {
  return words.length === others.length && words.every((word, at) => word === others[at]);
}

/** How a README runs a Kraftfile; see `readmeRunOf`. */
export function runOf(markdown: string, kraftfileName?: string): KraftRun {
  return readmeRunOf(markdown, kraftfileName)?.run ?? PLAIN_RUN;
}
