import type { Need } from '../../analysis/need.ts';
import type { StaticFindings } from '../../analysis/static.ts';
import { both } from '../../shared/both.ts';
import type { Promised } from '../../shared/promises.ts';
import { insist } from '../baseline/judge-cases.ts';
import type { BaselineRequest, OpenedBaseline } from '../baseline/open-baseline.ts';
import type { Reporter, WarningListener } from '../reporter.ts';
import { timed } from '../stopwatch.ts';
import type { Tools } from '../tools.ts';
import { baseListings } from './base-listings.ts';
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

export type FindRequest = {
  readonly request: BaselineRequest;
  readonly opened: OpenedBaseline;
  readonly promise: Promised;
};

/** The needs of a unit: what it links, what it touches while it is used, and what its promise holds beyond both. */
export async function findNeeds(
  tools: Tools,
  reporter: Reporter,
  { request, opened, promise }: FindRequest,
): Promise<NeedsFound> {
  const { signal } = tools;
  const { task, looks } = request;
  const { keep, drop, assume: assumptions } = task.config;
  const { rootfs, image, started, subject } = opened;

  reporter.step('static', 'following what the program links');
  const given = await givenNeeds(tools, reporter, { request, opened });
  const [findings, staticSeconds] = await timed(() =>
    staticStage(reporter, { cases: started.cases, rootfs, assumptions, signal }),
  );
  const fromStatic = [...findings.flatMap(({ needs }) => needs), ...given];
  insist(reporter, started, { image, rootfs });

  reporter.step('trace', `running it again, traced${unknownLibraries(findings)}`);
  const listingOf = baseListings(tools, reporter, task);
  const traced = { ...started, promise, findings, subject, rootfs, looks };
  const [[dynamic, provenance], dynamicSeconds] = await timed(() =>
    reporter.time('trace', () =>
      both(dynamicStage(tools, reporter, traced), provenanceOf(listingOf, request, opened)),
    ),
  );

  const seen = [...fromStatic, ...dynamic.needs];
  const { written } = dynamic;
  const promising = { promise, request, opened, findings, needs: seen, written, provenance };
  const usual = [...seen, ...(await promiseStage(promising, signal))];
  const visit =
    tools.visit === null ? null : await visitStage(tools, reporter, { ...traced, wait: tools.visit });
  const all = [...usual, ...(visit?.needs ?? [])];
  return {
    needs: settleNeeds(all, { config: { keep, drop }, rootfs, warn: reporter.warn }),
    fromStatic,
    dynamic,
    provenance,
    visited: visit === null ? null : visitOffer(rootfs, { usual, visit, drop }),
    seconds: { static: staticSeconds, dynamic: dynamicSeconds },
  };
}

/** What is kept for other reasons than that the app was seen to need it. */
async function givenNeeds(
  { engine }: Tools,
  reporter: WarningListener,
  { request, opened }: Omit<FindRequest, 'promise'>,
): Promise<Need[]> {
  const { dockerfile, stage, task } = request;
  const { image, rootfs } = opened;
  const context = await contextNeeds(engine, reporter, {
    unit: task.unit,
    dockerfile,
    full: stage,
    image,
    rootfs,
  });
  const directories = stage.from.kind === 'scratch' ? workdirNeeds(dockerfile, stage) : [];
  return [...context, ...directories, ...askedNeeds(rootfs, task.config.keep)];
}

/** What static analysis cannot know, for people; empty where it knows all. */
function unknownLibraries(findings: readonly StaticFindings[]): string {
  const loaders = findings.flatMap(({ loadsByItself, program }) => (loadsByItself ? [program] : []));
  return loaders.length === 0 ? '' : `, since ${loaders.join(', ')} loads libraries at run time`;
}
