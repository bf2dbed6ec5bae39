import type { Workshop } from '../workshop.ts';
import { withAbsentClients } from './absent-clients.ts';
import { type Baseline, type RunTools, withoutFailingDependents } from './case.ts';
import type { ClientImages } from './client-images.ts';
import { withNetworkLacks } from './network-lack.ts';
import type { Subject } from './subject.ts';

/**
 * Cases that this machine can judge: clients that the full image lacks come from other images, other entries and second
 * command lines that fail are left out, and a program that fails for lack of a network is compared by its failure.
 */
export async function settleCases(
  workshop: Workshop & Pick<RunTools, 'looks'>,
  first: Baseline,
  { subject, images }: { readonly subject: Subject; readonly images: Pick<ClientImages, 'find'> },
): Promise<Baseline> {
  const reached = await withAbsentClients(workshop, first, { subject, images });
  const { cases, baseline } = withoutFailingDependents(workshop, reached.cases, reached.baseline);
  return await withNetworkLacks(workshop, { cases, baseline }, subject);
}
