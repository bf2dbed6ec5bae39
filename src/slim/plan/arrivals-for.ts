import { type Arrival, arrivalsOf, assembleLayout, withExactDirectories } from '../../plan/layout.ts';
import type { Plan } from '../../plan/plan.ts';
import { hasUnusual } from '../../render/staged-root.ts';
import type { OpenedBaseline } from '../baseline/open-baseline.ts';
import { stagingOf } from '../render/root-list.ts';
import type { Workshop } from '../workshop.ts';

/**
 * What arrives, with modes and owners of directories where they decide what an app may do and a stage can keep them.
 */
export async function arrivalsFor(
  { unit, warn }: Workshop,
  { rootfs, donors }: OpenedBaseline,
  { plan, dropsPrivileges }: { readonly plan: Plan; readonly dropsPrivileges: boolean },
): Promise<readonly Arrival[]> {
  const arrivals = arrivalsOf(plan);
  if (!dropsPrivileges) return arrivals;
  const exact = withExactDirectories(rootfs, arrivals);
  if (!hasUnusual(assembleLayout(rootfs, exact))) return arrivals;
  const staging = donors === null ? await stagingOf(unit, rootfs) : IN_PLACE;
  if (staging.kind === 'possible') return exact;
  const message = `the app changes its user, and directories lose their mode and owner: ${staging.why}`;
  warn({ code: 'directories-not-exact', message });
  return arrivals;
}

const IN_PLACE = {
  kind: 'impossible',
  why: 'a stage that is made of COPY lines by hand is rewritten in place',
} as const;
