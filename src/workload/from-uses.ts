import { joinRuns, type ReadmeRun } from '../entry/readme-runs.ts';
import type { UseOfEntry } from '../entry/use-files.ts';
import { workloadOfRun } from './from-readme.ts';
import type { Workload } from './workload.ts';

/** How an app is run and used. */
export type DescribedWorkload = {
  /** Undefined where no file says how the app is run. */
  readonly described: ReadmeRun | undefined;
  readonly workload: Workload;
};

/** The files besides the README, the first of which with requests is the workload. */
const OTHERS = [
  ['test', 'test'],
  ['runConfig', 'runconfig'],
] as const;

/**
 * The workload of a run of the README. Where the README asks nothing of the app, it is that of the test file, then that
 * of `RunConfig.yaml`; ports, environment and memory are of all of them, the first wins.
 */
export function workloadOfUse(
  inReadme: ReadmeRun | undefined,
  use: Pick<UseOfEntry, 'test' | 'runConfig'>,
): DescribedWorkload {
  let described = inReadme;
  const workload = workloadOfRun(described);
  if (workload.source === 'readme') return { described, workload };
  for (const [key, source] of OTHERS) {
    const other = use[key];
    if (other === null) continue;
    const run = described === undefined ? other.run : joinRuns(described.run, other.run);
    const found = workloadOfRun({ run, commands: other.commands });
    if (found.source === 'readme') {
      return { described: { run, commands: other.commands }, workload: { ...found, source } };
    }
    described = { run, commands: described?.commands ?? [] };
  }
  return { described, workload: workloadOfRun(described) };
}
