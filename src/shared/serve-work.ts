import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { WorkerOutcome } from './in-worker.ts';

/** Asks the thread that started the worker, and waits for its answer. @throws Error with its message. */
export type AskParent = (question: unknown) => unknown;

/** Does the work of a worker of `runInWorker`, and sends what comes of it. The worker's module calls it once. */
export async function serveWork(work: (data: unknown, ask: AskParent) => Promise<unknown>): Promise<void> {
  const { data, port, gate } = workerData as { data: unknown; port: MessagePort; gate: SharedArrayBuffer };
  const flag = new Int32Array(gate);
  const ask: AskParent = (question) => {
    port.postMessage(question);
    Atomics.wait(flag, 0, 0);
    Atomics.store(flag, 0, 0);
    const outcome = receiveMessageOnPort(port)?.message as WorkerOutcome;
    if (outcome.kind === 'failed') throw new Error(outcome.message);
    return outcome.value;
  };
  try {
    send({ kind: 'done', value: await work(data, ask) });
  } catch (error) {
    send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

function send(outcome: WorkerOutcome): void {
  parentPort?.postMessage(outcome);
}
