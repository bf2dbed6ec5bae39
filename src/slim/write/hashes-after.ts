import type { FileChange } from '../file-change.ts';
import { hashOf } from '../state/state.ts';

/** Hashes of all that the tool has written, by name, after some changes. */
export function hashesAfter(
  changes: readonly FileChange[],
  last: Readonly<Record<string, string>>,
): Record<string, string> {
  const written = { ...last };
  for (const { name, after } of changes) {
    if (after === null) delete written[name];
    else written[name] = hashOf(after);
  }
  return written;
}
