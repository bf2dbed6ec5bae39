import { MessageChannel, Worker } from 'node:worker_threads';
import { limitExceeded } from './limits.ts';

/** A piece of work that runs in a separate thread, since nothing in this thread could end it. */
export type WorkerTask = {
  /** The worker's module as a file of the build; it calls `serveWork`. */
  readonly entry: URL;
  /** What it works on: plain data. */
  readonly data: unknown;
  /** Answers the worker's questions, in this thread: what cannot be copied stays here. */
  readonly answer: (question: unknown) => unknown;
  /** What the messages of the limits call the work: `cannot analyse the sources of the app`. */
  readonly cannot: string;
  readonly timeoutMs: number;
  readonly maxHeapMiB: number;
  readonly signal?: AbortSignal | undefined;
};

/** What a worker sends when it is done. */
export type WorkerOutcome =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Runs work in a worker thread, which is ended with its time, its memory or the signal, wherever it is.
 * @throws UserError `limit-exceeded`; the signal's reason; Error with the message of what the work threw.
 */
export async function runInWorker(task: WorkerTask): Promise<unknown> {
  const { signal, timeoutMs, maxHeapMiB, cannot } = task;
  signal?.throwIfAborted();
  const gate = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const { port1: questions, port2: port } = new MessageChannel();
  const worker = new Worker(built(task.entry), {
    workerData: { data: task.data, port, gate },
    transferList: [port],
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMiB },
    stdout: true,
    stderr: true,
  });
  questions.on('message', (question: unknown) => {
    questions.postMessage(outcomeOf(() => task.answer(question)));
    Atomics.store(new Int32Array(gate), 0, 1);
    Atomics.notify(new Int32Array(gate), 0);
  });
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const aborted = () => reject(signal?.reason);
      signal?.addEventListener('abort', aborted, { once: true, signal: ending.signal });
      const late = () => reject(limitExceeded(`${cannot}: it takes more than % seconds`, timeoutMs / 1000));
      timer = setTimeout(late, timeoutMs);
      worker.once('message', (outcome: WorkerOutcome) => {
        if (outcome.kind === 'done') resolve(outcome.value);
        else reject(new Error(outcome.message));
      });
      worker.once('error', (error: NodeJS.ErrnoException) => {
        const isFull = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        reject(isFull ? limitExceeded(`${cannot}: it takes more than % MiB of memory`, maxHeapMiB) : error);
      });
      worker.once('exit', (code) => reject(new Error(`${cannot}: the worker ended with exit code ${code}`)));
    });
  } finally {
    clearTimeout(timer);
    ending.abort();
    questions.close();
    await worker.terminate();
  }
}

function outcomeOf(answer: () => unknown): WorkerOutcome {
  try {
    return { kind: 'done', value: answer() };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Node 20 runs no TypeScript: where the sources run (in tests), the worker is that of the build. */
function built(entry: URL): URL {
  const { href } = entry;
  if (!href.endsWith('.ts')) return entry;
  return new URL(href.replace(/\/src\/(?!.*\/src\/)/, '/dist/').replace(/\.ts$/, '.js'));
}
