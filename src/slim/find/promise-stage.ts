import type { Need } from '../../analysis/need.ts';
import { readPackages } from '../../analysis/promise/packages.ts';
import { programsOf } from '../../analysis/promise/programs.ts';
import { promiseNeeds } from '../../analysis/promise/promise-needs.ts';
import type { StaticFindings } from '../../analysis/static.ts';
import { installedPackages } from '../../dockerfile/installed-packages.ts';
import { resolvePath } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { Promised } from '../../shared/promises.ts';
import { type Composition, compose } from '../baseline/composition.ts';
import type { BaselineRequest, OpenedBaseline } from '../baseline/open-baseline.ts';
import type { Provenance } from './provenance.ts';

export type Promising = {
  readonly promise: Promised;
  readonly request: BaselineRequest;
  readonly opened: OpenedBaseline;
  /** Of stage 1, one for each case. */
  readonly findings: readonly StaticFindings[];
  /** Static, traced and given. */
  readonly needs: readonly Need[];
  /** Files that the traced apps changed. */
  readonly written: readonly ImagePath[];
  readonly provenance: Provenance;
};

/** What the promise keeps beyond what the analyses found. */
export async function promiseStage(
  { promise, request, opened, findings, needs, written, provenance }: Promising,
  signal: AbortSignal,
): Promise<Need[]> {
  const { assume } = request.task.config;
  if (promise === 'workload') return [];
  const { rootfs, others, started, isDrifted } = opened;
  const composition: Composition =
    others.runtime === null ? { kind: 'alone' } : { kind: 'over', runtime: others.runtime };
  const { tree, toUnit } = compose(composition, rootfs);
  const found = await promiseNeeds({
    tree,
    promise,
    needs,
    kept: new Set(needs.map(({ path }) => resolvePath(tree, path).path)),
    launches: started.cases.map(({ launch }) => launch),
    programs: programsOf(tree, findings, needs),
    packages: readPackages(tree),
    installed: installedPackages(request.dockerfile, request.stage),
    written,
    copiedIn: provenance.copiedIn,
    made: provenance.made,
    assumes: (assumption) => assume.includes(assumption),
    signal,
  });
  const promised = toUnit(found);
  if (!isDrifted) return promised;
  // the donor stands in for what the Dockerfile makes no more: it promises what the COPY lines name
  const { copied } = provenance;
  return promised.filter(({ path }) => copied?.has(resolvePath(rootfs, path).path) ?? false);
}
