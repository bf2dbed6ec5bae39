import { basename, dirname, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { loadConfig } from '../config/load-config.ts';
import type { ImageConfig } from '../engine/engine.ts';
import { PLAIN_RUN } from '../entry/kraft-run.ts';
import {
  commandWords,
  composeLaunch,
  envOfImage,
  type Launch,
  type LaunchWords,
  platformEnv,
} from '../entry/launch.ts';
import { launchRuns, type ReadmeRun, runsOfKraftfile } from '../entry/readme-runs.ts';
import { overRuntime } from '../entry/runtime.ts';
import { isLinuxCompatible, type RootfsUnit, type UnitKraftfile } from '../entry/unit.ts';
import { readUse, type UseOfEntry } from '../entry/use-files.ts';
import { append } from '../shared/append.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { deriveWorkload } from '../workload/discover.ts';
import { workloadFromConfig } from '../workload/from-config.ts';
import { unreadLines } from '../workload/from-readme.ts';
import { workloadOfUse } from '../workload/from-uses.ts';
import { StartError } from '../workload/program.ts';
import type { Workload } from '../workload/workload.ts';
import { type Case, containerOf } from './case.ts';
import type { Composition, OtherImage } from './composition.ts';
import { memoryOfRun } from './gate.ts';
import type { OtherImages } from './other-image.ts';
import { promiseOf } from './promise.ts';
import { withServices } from './service-images.ts';
import type { Subject } from './subject.ts';
import { volumeFiles } from './volumes.ts';
import type { Workshop } from './workshop.ts';

export type CaseSource = {
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
export async function casesOf(workshop: Workshop, source: CaseSource): Promise<Case[]> {
  const { unit } = workshop;
  const { runtime, deltas } = source.others;
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
  const { services } = source.others;
  for (const described of ofUnit)
    append(cases, await ownCases(workshop, { ...described, services }, source.subject));
  for (const dependent of theirs) append(cases, await dependentCase(workshop, dependent, source.subject));
  return cases;
}

/** What is wrong with an entry that builds on the unit is not the unit's fault. */
async function dependentCase(workshop: Workshop, described: Described, subject: Subject): Promise<Case[]> {
  try {
    const { path } = described.kraftfile;
    const use = readUse(dirname(path), described.unit.catalogRoot);
    const [run] = runsOfKraftfile(use.readme, basename(path));
    return [await caseOf(workshop, { ...described, inReadme: run, use, services: [] }, subject)];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `cannot run the workload of ${described.unit.name}: ${messageOf(error)}`;
    workshop.warn({ code: 'dependent-left-out', message });
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
async function ownCases(
  workshop: Workshop,
  described: Described & Pick<UsedSo, 'services'>,
  subject: Subject,
): Promise<Case[]> {
  const { kraftfile, unit } = described;
  const use = readUse(dirname(kraftfile.path), unit.catalogRoot);
  const command = commandWords(kraftfile.kraftfile.cmd?.argv ?? []);
  const [first, ...more] = launchRuns(use.readme, basename(kraftfile.path), command);
  const cases = [await caseOf(workshop, { ...described, inReadme: first, use }, subject)];
  for (const run of more) {
    const second = await caseOf(workshop, { ...described, inReadme: run, use: NO_OTHER_USE }, subject);
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
  workshop: Workshop,
  { inReadme, use, services, ...about }: Described & UsedSo,
  subject: Subject,
): Promise<Case> {
  const { unit, kraftfile, composition } = about;
  const { catalogRoot } = unit;
  const directory = dirname(kraftfile.path);
  const { workload: settings } = await loadConfig({
    entryDirectory: unit.directory,
    catalogRoot,
    kraftfile: kraftfile.name,
    untrusted: workshop.untrusted,
  });
  const { described, workload: found } = workloadOfUse(inReadme, use);
  const { others } = use;
  const { run, workload, missing } = withServices(described?.run ?? PLAIN_RUN, found, {
    others,
    images: services,
  });
  for (const name of missing) {
    const message = `${kraftfile.name}: the app needs ${name}, which kraft-slim cannot start: it makes none of the requests`;
    workshop.warn({ code: 'service-missing', message });
  }
  const words = {
    run,
    configEnv: settings.env,
    ...(settings.arguments === undefined ? {} : { configArguments: settings.arguments }),
  };
  const { launch, platform } = launchOf(workshop.unit, about, words);
  warnOfCommandLine(workshop, kraftfile);
  for (const line of unreadLines(described)) {
    const message = `${kraftfile.name}: the README's line is not understood, so that nothing asks the app by it: ${line}`;
    workshop.warn({ code: 'readme-line-ignored', message });
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
    ...(promiseOf(unit, workshop.config, null) === 'runtime' ? { isRuntime: true } : {}),
  };
  if (made.workload.source !== 'derived') return made;
  const derived = await derive(workshop, made, subject);
  const { udpPorts } = made.workload;
  return { ...made, workload: workloadFromConfig(settings, { ...derived, udpPorts }) };
}

function warnOfCommandLine(
  { warn }: Pick<Workshop, 'warn'>,
  { name, kraftfile: { cmd } }: UnitKraftfile,
): void {
  const argv = cmd?.argv ?? [];
  const words = commandWords(argv);
  if (words === argv) return;
  const message = `${name}: cmd is one item, ${JSON.stringify(argv[0])}, and runs as ${words.length} words: make each word an item`;
  warn({ code: 'kraftfile-cmd-text', message });
}

/** How an app is used whose authors do not say so, found by looking at it; it counts as a weak workload. */
async function derive(
  { engine, networks, signal, gate, warn }: Workshop,
  current: Case,
  subject: Subject,
): Promise<Workload> {
  const { argv, env, kraftfile } = current.launch;
  const { ports, limits, network } = current.workload;
  warn({
    code: 'weak-workload',
    message: `neither the README nor kraft-slim.yaml describes how ${kraftfile} is used: kraft-slim starts it and compares the answers on its ports`,
  });
  const container = await containerOf(current, subject);
  try {
    const request = { ...container, argv, env, ports, limits, network, signal };
    const run = () => deriveWorkload(engine, request, (network) => networks.take(engine, network));
    return await gate.run(run, memoryOfRun(current.workload));
  } catch (error) {
    // the baseline says it better
    if (error instanceof StartError) return current.workload;
    throw error;
  }
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
