import { comparePaths } from '../shared/image-path.ts';
import type { UnitState } from '../slim/state/state.ts';
import { comparePackages, type PackageVersions } from './packages.ts';
import type { Changes } from './report.ts';

/** What is known of one side: the state of the unit, and the packages of its full root file system. */
export type Side = { readonly state: UnitState | undefined; readonly packages: PackageVersions | null };

/** How two results differ, as far as both are known. */
export function whatChanged(before: Side, after: Side): Changes {
  const paths = ({ state }: Side) => state?.kept?.map(({ path }) => path);
  const [old, now] = [paths(before), paths(after)];
  return {
    files:
      old === undefined || now === undefined ? null : { added: minus(now, old), removed: minus(old, now) },
    before: before.state?.result.after ?? null,
    after: after.state?.result.after ?? null,
    packages:
      before.packages === null || after.packages === null
        ? null
        : comparePackages(before.packages, after.packages),
  };
}

function minus(some: readonly string[], others: readonly string[]): string[] {
  const left = new Set(others);
  return some.filter((path) => !left.has(path)).sort(comparePaths);
}
