import type { Need } from '../../analysis/need.ts';
import type { StaticFindings } from '../../analysis/static.ts';
import type { Promised } from '../../shared/promises.ts';
import { insist } from '../baseline/case.ts';
import type { BaselineRequest, OpenedBaseline } from '../baseline/open-baseline.ts';
import { timed } from '../stopwatch.ts';
import { both, type Workshop } from '../workshop.ts';
import { contextNeeds, workdirNeeds } from './context-needs.ts';
import { type DynamicStage, dynamicStage } from './dynamic-stage.ts';
import { askedNeeds, settleNeeds } from './given-needs.ts';
import { promiseStage } from './promise-stage.ts';
import { type Provenance, provenanceOf } from './provenance.ts';
import { staticStage } from './static-stage.ts';
import { type VisitOffer, visitOffer } from './visit-offer.ts';
import { visitStage } from './visit-stage.ts';

export type NeedsFound = {
  /** What is needed, less what the user drops. */
  readonly needs: readonly Need[];
  /** Of the first stage, with what the author and the user have given. */
  readonly fromStatic: readonly Need[];
  readonly dynamic: DynamicStage;
  readonly provenance: Provenance;
  /** What a person's use of the app adds; null without `--interactive`. */
  readonly visited: VisitOffer | null;
  readonly seconds: { readonly static: number; readonly dynamic: number };
};

/** The needs of a unit: what it links, what it touches while it is used, and what its promise holds beyond both. */
export async function findNeeds(
  workshop: Workshop,
  request: BaselineRequest,
  opened: OpenedBaseline,
  promise: Promised,
): Promise<NeedsFound> {
  const { unit, stopwatch, on } = workshop;
  const { rootfs, image, started, subject } = opened;
  const step = (name: 'static' | 'trace', detail: string) =>
    on({ type: 'step', entry: unit.name, step: name, detail });

  step('static', 'following what the program links');
  const given = await givenNeeds(workshop, request, opened);
  const [findings, staticSeconds] = await timed(() => staticStage(workshop, started.cases, rootfs));
  const fromStatic = [...findings.flatMap(({ needs }) => needs), ...given];
  insist(workshop, started, { image, rootfs });

  step('trace', `running it again, traced${unknownLibraries(findings)}`);
  const looking = { ...workshop, looks: request.looks };
  const [[dynamic, provenance], dynamicSeconds] = await timed(() =>
    stopwatch.time('trace', () =>
      both(
        dynamicStage(looking, { ...started, promise, findings, subject, rootfs }),
        provenanceOf(workshop, request, opened),
      ),
    ),
  );
  const seen = [...fromStatic, ...dynamic.needs];
  const { written } = dynamic;
  const promised = await promiseStage(workshop, promise, {
    request,
    opened,
    findings,
    needs: seen,
    written,
    provenance,
  });
  const usual = [...seen, ...promised];
  const visit =
    workshop.visit === null
      ? null
      : await visitStage(workshop, workshop.visit, {
          promise,
          cases: started.cases,
          findings,
          subject,
          rootfs,
        });
  return {
    needs: settleNeeds([...usual, ...(visit?.needs ?? [])], { ...workshop, rootfs }),
    fromStatic,
    dynamic,
    provenance,
    visited: visit === null ? null : visitOffer(workshop, { rootfs, usual, visit }),
    seconds: { static: staticSeconds, dynamic: dynamicSeconds },
  };
}

/** What is kept for other reasons than that the app was seen to need it. */
async function givenNeeds(
  workshop: Workshop,
  { dockerfile, stage }: BaselineRequest,
  { image, rootfs }: OpenedBaseline,
): Promise<Need[]> {
  const { config } = workshop;
  const context = await contextNeeds(workshop, { dockerfile, full: stage, image, rootfs });
  const directories = stage.from.kind === 'scratch' ? workdirNeeds(dockerfile, stage) : [];
  return [...context, ...directories, ...askedNeeds(rootfs, config.keep)];
}

/** What static analysis cannot know, for people; empty where it knows all. */
function unknownLibraries(findings: readonly StaticFindings[]): string {
  const loaders = findings.flatMap(({ loadsByItself, program }) => (loadsByItself ? [program] : []));
  return loaders.length === 0 ? '' : `, since ${loaders.join(', ')} loads libraries at run time`;
}
