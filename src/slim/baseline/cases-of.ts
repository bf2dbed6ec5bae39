import { basename, dirname, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { loadConfig } from '../../config/load-config.ts';
import type { ImageConfig } from '../../engine/engine.ts';
import { PLAIN_RUN } from '../../entry/kraft-run.ts';
import {
  commandWords,
  composeLaunch,
  envOfImage,
  type Launch,
  type LaunchWords,
  platformEnv,
} from '../../entry/launch.ts';
import { launchRuns, type ReadmeRun, runsOfKraftfile } from '../../entry/readme-runs.ts';
import { overRuntime } from '../../entry/runtime.ts';
import { isLinuxCompatible, type RootfsUnit, type UnitKraftfile } from '../../entry/unit.ts';
import { readUse, type UseOfEntry } from '../../entry/use-files.ts';
import { append } from '../../shared/append.ts';
import { messageOf, UserError } from '../../shared/failure.ts';
import { workloadFromConfig } from '../../workload/from-config.ts';
import { unreadLines } from '../../workload/from-readme.ts';
import { workloadOfUse } from '../../workload/from-uses.ts';
import type { Workload } from '../../workload/workload.ts';
import { promiseOf } from '../promise.ts';
import type { WarningListener } from '../reporter.ts';
import type { Task } from '../task.ts';
import type { RunTools } from '../tools.ts';
import type { Case } from './case.ts';
import type { Composition, OtherImage } from './composition.ts';
import { derivedWorkload } from './derived-workload.ts';
import type { OtherImages } from './other-image.ts';
import { withServices } from './service-images.ts';
import type { Subject } from './subject.ts';
import { volumeFiles } from './volumes.ts';

export type CaseSource = {
  readonly task: Task;
  /** The configuration of the unit's image. */
  readonly image: ImageConfig;
  /** Finds how an app is used whose authors do not say so. */
  readonly subject: Subject;
  readonly others: OtherImages;
};

/**
 * Every Kraftfile of a unit as a case; of a library entry also those of the entries that build on it, since what they
 * ask of the runtime has to stay in it.
 */
export async function casesOf(
  tools: RunTools,
  { warn }: WarningListener,
  source: CaseSource,
): Promise<Case[]> {
  const { unit } = source.task;
  const { runtime, deltas, services } = source.others;
  const making: Making = {
    task: source.task,
    warn,
    derive: (current) => derivedWorkload(tools, { warn }, { current, subject: source.subject }),
  };
  const composition: Composition = runtime === null ? { kind: 'alone' } : { kind: 'over', runtime };
  const ofUnit = unit.kraftfiles.map((kraftfile) => ({
    unit,
    kraftfile,
    composition,
    image: source.image,
    runtime,
  }));
  const under = { unit, config: source.image };
  const theirs = deltas.flatMap((delta) =>
    delta.unit.kraftfiles.map((kraftfile) => ({
      unit: delta.unit,
      kraftfile,
      composition: { kind: 'under', delta } as const,
      image: delta.config,
      runtime: under,
    })),
  );
  const cases: Case[] = [];
  for (const described of ofUnit) append(cases, await ownCases(making, { ...described, services }));
  for (const dependent of theirs) append(cases, await dependentCase(making, dependent));
  return cases;
}

/** What a case is made with. */
type Making = WarningListener & {
  readonly task: Task;
  /** Finds how an app is used whose authors do not say so. */
  readonly derive: (current: Case) => Promise<Workload>;
};

/** What is wrong with an entry that builds on the unit is not the unit's fault. */
async function dependentCase(making: Making, described: Described): Promise<Case[]> {
  try {
    const { path } = described.kraftfile;
    const use = readUse(dirname(path), described.unit.catalogRoot);
    const [run] = runsOfKraftfile(use.readme, basename(path));
    return [await caseOf(making, { ...described, inReadme: run, use, services: [] })];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `cannot run the workload of ${described.unit.name}: ${messageOf(error)}`;
    making.warn({ code: 'dependent-left-out', message });
    return [];
  }
}

type Described = {
  readonly unit: RootfsUnit;
  readonly kraftfile: UnitKraftfile;
  readonly composition: Composition;
  /** The image that the unit's Dockerfile makes. */
  readonly image: ImageConfig;
  /** The entry that lies under it; null where none does. */
  readonly runtime: Pick<OtherImage, 'unit' | 'config'> | null;
};

/** The launches of a Kraftfile: as its README runs it, and as the Kraftfile itself does. */
async function ownCases(making: Making, described: Described & Pick<UsedSo, 'services'>): Promise<Case[]> {
  const { kraftfile, unit } = described;
  const use = readUse(dirname(kraftfile.path), unit.catalogRoot);
  const command = commandWords(kraftfile.kraftfile.cmd?.argv ?? []);
  const [first, ...more] = launchRuns(use.readme, basename(kraftfile.path), command);
  const cases = [await caseOf(making, { ...described, inReadme: first, use })];
  for (const run of more) {
    const second = await caseOf(making, { ...described, inReadme: run, use: NO_OTHER_USE });
    // arguments of the settings make several command lines the same
    if (cases.every(({ launch }) => !isDeepStrictEqual(launch, second.launch)))
      cases.push({ ...second, isSecond: true });
  }
  return cases;
}

/** A second launch is the README's alone. */
const NO_OTHER_USE = { test: null, runConfig: null, others: [] };

type UsedSo = {
  readonly inReadme: ReadmeRun | undefined;
  readonly use: Omit<UseOfEntry, 'readme'>;
  readonly services: OtherImages['services'];
};

async function caseOf(
  { task, warn, derive }: Making,
  { inReadme, use, services, ...about }: Described & UsedSo,
): Promise<Case> {
  const { unit, kraftfile, composition } = about;
  const { catalogRoot } = unit;
  const directory = dirname(kraftfile.path);
  const { workload: settings } = await loadConfig({
    entryDirectory: unit.directory,
    catalogRoot,
    kraftfile: kraftfile.name,
    untrusted: task.untrusted,
  });
  const { described, workload: found } = workloadOfUse(inReadme, use);
  const { others } = use;
  const { run, workload, missing } = withServices(described?.run ?? PLAIN_RUN, found, {
    others,
    images: services,
  });
  for (const name of missing) {
    const message = `${kraftfile.name}: the app needs ${name}, which kraft-slim cannot start: kraft-slim sends none of the README's requests`;
    warn({ code: 'service-missing', message });
  }
  const words = {
    run,
    configEnv: settings.env,
    ...(settings.arguments === undefined ? {} : { configArguments: settings.arguments }),
  };
  const { launch, platform } = launchOf(task.unit, about, words);
  warnOfCommandLine(warn, kraftfile);
  for (const line of unreadLines(described)) {
    const message = `${kraftfile.name}: kraft-slim does not understand this line of the README and makes no probe of it: ${line}`;
    warn({ code: 'readme-line-ignored', message });
  }
  const mounted = [
    ...kraftfile.kraftfile.volumes,
    ...run.volumes.map(({ host, guest }) => ({ source: host, destination: guest })),
  ];
  const volumes: (() => Readable)[] = [];
  for (const volume of mounted) volumes.push(await volumeFiles(volume, { directory, catalogRoot }));
  const plain = { launch, composition, platform, volumes, workload: workloadFromConfig(settings, workload) };
  const made: Case = {
    ...plain,
    ...(isLinuxCompatible(kraftfile.kraftfile) ? { isLinux: true } : {}),
    ...(promiseOf(unit, task.config, null) === 'runtime' ? { isRuntime: true } : {}),
  };
  if (made.workload.source !== 'derived') return made;
  const derived = await derive(made);
  const { udpPorts } = made.workload;
  return { ...made, workload: workloadFromConfig(settings, { ...derived, udpPorts }) };
}

function warnOfCommandLine(warn: WarningListener['warn'], { name, kraftfile: { cmd } }: UnitKraftfile): void {
  const argv = cmd?.argv ?? [];
  const words = commandWords(argv);
  if (words === argv) return;
  const message = `${name}: cmd is one item, ${JSON.stringify(argv[0])}, which kraft-slim splits into ${words.length} words: write each word as an item`;
  warn({ code: 'kraftfile-cmd-text', message });
}

/**
 * The launch of a Kraftfile, its name relative to the unit that is slimmed, and the environment that it starts from.
 */
function launchOf(
  of: RootfsUnit,
  { kraftfile, image, runtime }: Described,
  words: LaunchWords,
): { launch: Launch; platform: Readonly<Record<string, string>> } {
  const named = { ...kraftfile, name: relative(of.directory, kraftfile.path) };
  if (runtime === null) {
    return { launch: composeLaunch(named, image, words), platform: platformEnv(kraftfile.kraftfile.kconfig) };
  }
  const whole = overRuntime(named, runtime.unit);
  const below = runtime.config;
  const { entrypoint, cmd } = below.entrypoint.length + below.cmd.length > 0 ? below : image;
  const both = { env: [...below.env, ...image.env], entrypoint, cmd };
  return {
    launch: composeLaunch(whole, both, words),
    platform: { ...platformEnv(whole.kraftfile.kconfig), ...envOfImage(below) },
  };
}
