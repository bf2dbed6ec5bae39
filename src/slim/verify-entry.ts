import { readMarker } from '../dockerfile/marker.ts';
import { insistOnSize } from './max-bytes.ts';
import { promiseIn } from './promise.ts';
import { type EntryReport, type EntryTools, runEntry } from './run-entry.ts';
import { unchangedFindings } from './slim-entry.ts';
import { verifyUnit } from './verify/verify-unit.ts';

/** Rebuilds the entry at a path as it is on disk and runs its workload; nothing is analysed or written. */
export async function verifyEntry(
  path: string,
  { untrusted }: { readonly untrusted: boolean },
  tools: EntryTools,
): Promise<EntryReport> {
  return await runEntry(path, { ...tools, untrusted }, async (opened) => {
    const { text, task, reporter } = opened;
    const marker = readMarker(text);
    if (marker !== null) reporter.learn({ promise: promiseIn(marker) });
    const verified = await verifyUnit(await opened.tools(), reporter, { task, text });
    for (const file of verified.missing) {
      reporter.warn({
        code: 'context-file-missing',
        message: `${file} of the build context is not in the image`,
      });
    }
    insistOnSize(opened, verified.after);
    return { findings: unchangedFindings(verified), changes: [] };
  });
}
