import { type Arrival, assembleLayout } from '../../plan/layout.ts';
import { UserError } from '../../shared/failure.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { WarningListener } from '../reporter.ts';
import type { RunTools } from '../tools.ts';
import { type RepairSubject, repair } from './repair.ts';
import { type SearchSubject, searchStage } from './search-stage.ts';

/** What repairs a result that does not behave. */
export type Addition =
  | {
      readonly kind: 'found';
      readonly arrivals: readonly Arrival[];
      /** Runs besides the oracle's. */
      readonly runs: number;
      readonly held: number;
    }
  /** The app looks for a path that the user has dropped. */
  | { readonly kind: 'dropped'; readonly path: ImagePath }
  /** No file of the full root file system repairs it. */
  | { readonly kind: 'nothing' };

/**
 * Finds what a result lacks that does not behave: first what a traced run on it looks for and does not find, then,
 * where that is not enough, what a search finds missing.
 */
export async function addMissing(
  tools: RunTools,
  reporter: WarningListener,
  subject: SearchSubject & Pick<RepairSubject, 'indifferent'>,
): Promise<Addition> {
  const { dropped, passed, arrivals, runs } = await repair(tools, subject);
  if (dropped !== null) return { kind: 'dropped', path: dropped };
  // a traced app may behave differently from an untraced app
  if (passed && (await subject.oracle.ask(assembleLayout(subject.rootfs, arrivals)))) {
    return { kind: 'found', arrivals, runs, held: 0 };
  }
  try {
    const options = { strategy: 'grow', aggressive: false, maxRuns: null } as const;
    const grown = await searchStage(reporter, { ...subject, planned: arrivals }, options);
    const found = grown.arrivals.length - arrivals.length;
    const message = `the analyses missed ${found} files that the app needs: a search found them`;
    reporter.warn({ code: 'search-grew', message });
    return { kind: 'found', arrivals: grown.arrivals, runs, held: grown.held };
  } catch (error) {
    // with all files there it does not behave either: what it lacks is no file, or the user has dropped it
    if (error instanceof UserError) return { kind: 'nothing' };
    throw error;
  }
}
