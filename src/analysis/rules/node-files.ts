import type { ImagePath } from '../../shared/image-path.ts';
import { runInWorker } from '../../shared/in-worker.ts';
import { LIMITS } from '../../shared/limits.ts';
import { answerTree, type TreeQuestion } from '../../shared/remote-tree.ts';
import type { NodeSubject } from './nft-stand-ins.ts';

/** What a worker that traces Node.js sources works on. */
export type NodeFilesData = { readonly libc: NodeSubject['libc']; readonly entries: readonly ImagePath[] };

/** Both end as their file of the sources or of the build does, so that `runInWorker` finds the build's. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? 'node-files-worker.ts' : 'node-files-worker.js',
  import.meta.url,
);

export type NodeFilesOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Default `LIMITS.sourceAnalysisMs`. */
  readonly timeoutMs?: number;
};

/**
 * The files that Node.js loads for these modules: see `traceNodeFiles`. nft evaluates what it reads, and some 700 bytes
 * take it a minute without a pause: hence it runs in a separate thread.
 * @throws UserError `limit-exceeded`; the signal's reason.
 */
export async function nodeFiles(
  { tree, libc }: NodeSubject,
  entries: readonly ImagePath[],
  { signal, timeoutMs = LIMITS.sourceAnalysisMs }: NodeFilesOptions = {},
): Promise<ImagePath[]> {
  const data: NodeFilesData = { libc, entries };
  const found = await runInWorker({
    entry: WORKER,
    data,
    answer: (question) => answerTree(tree, question as TreeQuestion),
    cannot: "cannot analyse the app's JavaScript",
    timeoutMs,
    maxHeapMiB: LIMITS.sourceAnalysisMiB,
    signal,
  });
  return found as ImagePath[];
}
