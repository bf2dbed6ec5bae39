import { readPackages } from '../../analysis/promise/packages.ts';
import { partlyKept } from '../../analysis/promise/partly-kept.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import type { Plan } from '../../plan/plan.ts';
import { megabytes } from '../../shared/byte-size.ts';
import type { Provenance } from '../find/provenance.ts';
import type { WarningListener } from '../reporter.ts';

/** More directories than this are only counted. */
const MAX_NAMED = 5;

/** What a result holds. */
export type Holding = {
  readonly plan: Pick<Plan, 'kept'>;
  readonly made: Provenance['made'];
  /** Globs of the settings: a user that drops files knows of it. */
  readonly drop: readonly string[];
};

/** Names the directories of the author that a result holds in part, with the line of settings that holds each. */
export function warnOfPartlyKept(
  { warn }: WarningListener,
  rootfs: Rootfs,
  { plan, made, drop }: Holding,
): void {
  const kept = new Set(plan.kept.map(({ path }) => path));
  const found = partlyKept({ tree: rootfs, packages: readPackages(rootfs), made }, kept);
  for (const { directory, kept: held, total, lostBytes } of found.slice(0, MAX_NAMED)) {
    if (drop.some((glob) => glob.startsWith(directory))) continue;
    const message = `kraft-slim keeps ${held} of ${total} files of ${directory}, which no package owns, and drops ${megabytes(lostBytes)}: to keep all files, add keep: ['${directory}/**']`;
    warn({ code: 'partly-kept', message });
  }
  const more = found.length - MAX_NAMED;
  if (more <= 0) return;
  const message = `kraft-slim keeps only a part of ${more} more directories that no package owns`;
  warn({ code: 'partly-kept', message });
}
