import { chooseTracer } from '../../analysis/tracer.ts';
import { type Arrival, assembleLayout } from '../../plan/layout.ts';
import { UserError } from '../../shared/failure.ts';
import type { Misbehaviour } from '../finish/rebuild.ts';
import { newSpool } from '../state/spools.ts';
import type { Workshop } from '../workshop.ts';
import { type RepairSubject, repair } from './repair.ts';
import { type SearchSubject, searchStage } from './search-stage.ts';

/**
 * Adds what a result lacks that does not behave: first what a traced run on it looks for and does not find, then,
 * where that is not enough, what a search finds missing.
 * @throws the misbehaviour itself where nothing of the full root file system repairs it.
 */
export async function addMissing(
  workshop: Workshop,
  subject: SearchSubject & Pick<RepairSubject, 'indifferent'>,
  why: Misbehaviour,
): Promise<{ arrivals: readonly Arrival[]; runs: number; held: number }> {
  const { engine, signal, warn } = workshop;
  const { tracer } = await chooseTracer(engine, { newSpool, signal });
  const repaired = await repair(workshop, { ...subject, tracer });
  const { dropped, passed, arrivals, runs } = repaired;
  if (dropped !== null) {
    throw new UserError('verify-failed', why.message, {
      detail: why.detail ?? '',
      hint: `the app looks for ${dropped}, which drop in kraft-slim.yaml names`,
      cause: why,
    });
  }
  // a traced app may behave differently from an untraced app
  if (passed && (await subject.oracle.ask(assembleLayout(subject.rootfs, arrivals)))) {
    return { arrivals, runs, held: 0 };
  }
  try {
    const options = { strategy: 'grow', aggressive: false, maxRuns: null } as const;
    const grown = await searchStage(workshop, { ...subject, planned: arrivals }, options);
    const found = grown.arrivals.length - arrivals.length;
    const message = `the analyses missed ${found} files that the app needs: a search found them`;
    warn({ code: 'search-grew', message });
    return { arrivals: grown.arrivals, runs, held: grown.held };
  } catch (error) {
    // with all files there it does not behave either: what it lacks is no file, or the user has dropped it
    if (error instanceof UserError) throw why;
    throw error;
  }
}
