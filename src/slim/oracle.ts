import type { ImageId } from '../engine/engine.ts';
import { itemsOf, packItems } from '../image/pack-tar.ts';
import type { Rootfs } from '../image/rootfs.ts';
import { partOf } from '../image/rootfs-view.ts';
import { UserError } from '../shared/failure.ts';
import type { ImagePath } from '../shared/image-path.ts';
import { emptyImage } from '../workload/helper-images.ts';
import type { Observation } from '../workload/run-launch.ts';
import { type Case, judgeAll, observeAll } from './case.ts';
import type { Workshop } from './workshop.ts';

/** Does the app still behave like the baseline when exactly these paths are there? */
export type Oracle = (paths: readonly ImagePath[]) => Promise<boolean>;

export type OracleSubject = {
  readonly cases: readonly Case[];
  readonly baseline: readonly Observation[];
  readonly rootfs: Rootfs;
  /** The full image, in which the clients of a workload are. */
  readonly clients: ImageId;
};

/**
 * An oracle that has passed its two sanity checks: yes to all the files of the baseline, no to none at all.
 * @throws UserError `baseline-unstable` where it contradicts the baseline, `workload-failed` where the workload
 * cannot fail.
 */
export async function trustedOracle(workshop: Workshop, subject: OracleSubject): Promise<Oracle> {
  const oracle = oracleOver(workshop, subject);
  const all = [...subject.rootfs.entries()].map(([path]) => path);
  if (!(await oracle(all))) {
    throw new UserError(
      'baseline-unstable',
      'cannot trust the oracle: it refuses the very files of the baseline',
      {
        hint: 'the app may depend on something that changes from run to run',
      },
    );
  }
  if (await oracle([])) {
    throw new UserError('workload-failed', 'cannot trust the oracle: it accepts an empty root file system', {
      hint: 'say in the README what the app answers',
    });
  }
  return oracle;
}

function oracleOver(workshop: Workshop, { cases, baseline, rootfs, clients }: OracleSubject): Oracle {
  return async (paths) => {
    const image = await emptyImage(workshop.engine);
    const files = () => packItems(itemsOf(rootfs, paths));
    const view = async () => partOf(rootfs, paths);
    const seen = await observeAll(workshop, cases, { image, files, view, clients });
    return judgeAll(cases, seen, baseline).every(({ fault }) => fault === null);
  };
}
