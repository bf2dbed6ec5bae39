import type { Need } from '../../analysis/need.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import { planSlim } from '../../plan/plan.ts';
import { groupBy } from '../../shared/group-by.ts';
import { type ImagePath, parentOf } from '../../shared/image-path.ts';
import type { Overheard } from '../../workload/overheard.ts';
import type { Probe } from '../../workload/probe.ts';
import { withoutDropped } from './given-needs.ts';
import type { VisitStage } from './visit-stage.ts';

/** What a person's use of an app adds, to be written into `kraft-slim.yaml`: without it the next analysis forgets. */
export type VisitOffer = {
  /** Globs over the files that are kept for this use alone. */
  readonly keep: readonly string[];
  /** The probes of the app with those of the use; none where the use sent nothing that a probe can send. */
  readonly probes: readonly Probe[];
};

/** From so many files of a directory on, a glob names the directory. */
const MANY_FILES = 4;

/** The `keep` globs and probes for what a use of the app has shown. */
export function visitOffer(
  rootfs: Rootfs,
  { usual, visit, drop }: { usual: readonly Need[]; visit: VisitStage; drop: readonly string[] },
): VisitOffer {
  const keptOf = (needs: readonly Need[]) =>
    planSlim(rootfs, withoutDropped(needs, { rootfs, drop })).kept.map(({ path }) => path);
  const before = new Set(keptOf(usual));
  const added = keptOf([...usual, ...visit.needs]).filter(
    (path) => !before.has(path) && rootfs.lookup(path)?.type !== 'directory',
  );
  const sent = distinct(visit.overheard.map(probeOf));
  const known = new Set(visit.probes.map(questionOf));
  const fresh = sent.filter((probe) => !known.has(questionOf(probe)));
  return { keep: globsOf(added), probes: fresh.length === 0 ? [] : [...visit.probes, ...fresh] };
}

/** A glob for each file, or for a directory that many of them lie in. */
export function globsOf(paths: readonly ImagePath[]): string[] {
  return [...groupBy(paths, parentOf)].flatMap(([directory, files]) =>
    files.length < MANY_FILES ? files : [`${directory}/*`],
  );
}

function probeOf(sent: Overheard): Probe {
  if (sent.kind === 'tcp') return { ...sent, expect: null };
  const { port, method, path, type, body } = sent;
  return {
    kind: 'http',
    port,
    tls: false,
    method,
    path,
    headers: type === null ? {} : { 'content-type': type },
    body,
    expectStatus: null,
    expect: null,
    showsHead: false,
    follows: false,
  };
}

/** What a probe asks, without what it expects. */
function questionOf(probe: Probe): string {
  if (probe.kind !== 'http') return JSON.stringify(probe);
  const { port, method, path, body } = probe;
  return JSON.stringify([port, method, path, body]);
}

function distinct(probes: readonly Probe[]): Probe[] {
  return [...new Map(probes.map((probe) => [questionOf(probe), probe])).values()];
}
