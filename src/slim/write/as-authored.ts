import { type Marker, readMarker } from '../../dockerfile/marker.ts';
import type { Slimmed } from '../outcome.ts';

/**
 * Of a stage made by hand, the stage as its author wrote it where rewriting gains nothing. Where the rewritten stage is
 * no smaller, many lines in the place of the line of one directory are no diff that a maintainer merges; and where it
 * differs in the marker alone, a diff of one comment line is not worth a maintainer's time.
 */
export function asAuthored(rewritten: Slimmed, dockerfile: string): Slimmed {
  const { before, after, changes } = rewritten;
  const change = changes.find(({ name }) => name === dockerfile);
  const text = change?.after ?? null;
  const marker = text === null ? null : readMarker(text);
  if (change === undefined || text === null || marker?.isInPlace !== true) return rewritten;
  if (before !== null && after.bytes >= before.bytes) return { ...rewritten, after: before, changes: [] };
  if (originalOf(text, marker) !== change.before) return rewritten;
  return { ...rewritten, changes: changes.filter((other) => other !== change) };
}

/**
 * What is analysed: the text above a generated stage; of one that was rewritten in place, all but the marker, since
 * nothing else is left of the original.
 */
export function originalOf(text: string, marker: Marker | null): string {
  if (marker === null) return text;
  return marker.isInPlace ? `${marker.above}${marker.stage}` : marker.above;
}
