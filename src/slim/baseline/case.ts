import type { Readable } from 'node:stream';
import type { Launch } from '../../entry/launch.ts';
import type { Verdict } from '../../workload/judge.ts';
import type { Observation } from '../../workload/run-launch.ts';
import { WORKLOAD_SOURCES, type Workload } from '../../workload/workload.ts';
import type { Result } from '../result.ts';
import type { Composition } from './composition.ts';

/** One Kraftfile that a unit's root file system has to serve: what it launches and how that is exercised. */
export type Case = {
  readonly launch: Launch;
  readonly workload: Workload;
  /** What lies under or over the unit's own files when it runs. */
  readonly composition: Composition;
  /** The environment before the unit's own image and the Kraftfile. */
  readonly platform: Readonly<Record<string, string>>;
  /** What is mounted, each as a tar to be put into the container. */
  readonly volumes: readonly (() => Readable)[];
  /** A second command line of a Kraftfile: one that fails on the full root file system is left out. */
  readonly isSecond?: true;
  /** The promise holds the whole library of an interpreter. */
  readonly isRuntime?: true;
  /** Its runtime is Linux to the app, so that no warning is about what Unikraft's kernels lack. */
  readonly isLinux?: true;
  /** Which use of a network failed, in words, where the app fails on the full root file system. */
  readonly lack?: string;
};

/** Cases with the way they behave on the full root file system. */
export type Baseline = { readonly cases: readonly Case[]; readonly baseline: readonly Observation[] };

/** The part of a result about launches and their workload. */
export function describeCases(
  cases: readonly Case[],
  verdicts: readonly Verdict[],
): Pick<Result, 'launches' | 'workload'> {
  const probes = verdicts.flatMap((verdict) =>
    verdict.probes.map(({ probe, passed }) => ({ kind: probe.kind, passed })),
  );
  const unitCases = cases.filter(({ composition }) => composition.kind !== 'under');
  const sources = new Set(unitCases.map(({ workload }) => workload.source));
  const source = WORKLOAD_SOURCES.find((known) => sources.has(known)) ?? 'derived';
  return { launches: cases.map(({ launch }) => launch), workload: { source, probes } };
}
