/** Held while something is used; disposing of it gives it back. */
export type Share = Disposable;

/**
 * A number of units of something that many want, given in the order in which they ask: who wants much is not passed
 * over.
 */
export type Semaphore = {
  /**
   * Resolves when so many units are free. Who wants more than there are gets all.
   * @throws the signal's reason where that is aborted before.
   */
  readonly take: (units: number, signal: AbortSignal) => Promise<Share>;
};

type Waiting = { readonly units: number; readonly give: () => void };

/** A semaphore over a whole number of units, at least one. */
export function createSemaphore(capacity: number): Semaphore {
  let free = capacity;
  const queue: Waiting[] = [];
  const serve = () => {
    for (let next = queue[0]; next !== undefined && next.units <= free; next = queue[0]) {
      queue.shift();
      free -= next.units;
      next.give();
    }
  };
  return {
    async take(wanted, signal) {
      signal.throwIfAborted();
      const units = Math.min(wanted, capacity);
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          queue.splice(queue.indexOf(waiting), 1);
          reject(signal.reason);
          serve();
        };
        const give = () => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        const waiting = { units, give };
        signal.addEventListener('abort', leave, { once: true });
        queue.push(waiting);
        serve();
      });
      let isHeld = true;
      return {
        [Symbol.dispose]() {
          if (isHeld) free += units;
          isHeld = false;
          serve();
        },
      };
    },
  };
}
