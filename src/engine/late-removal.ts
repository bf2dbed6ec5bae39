import type { Container, Engine } from './engine.ts';

/**
 * An engine for who goes on while what he is done with is still being killed and removed, which is waiting for the
 * most part. No container is started before all that were given up earlier are gone, so that none lives beside them;
 * when this is disposed of, all are gone.
 * @throws what a removal threw, at the next start and at the disposal.
 */
export function removingLate(engine: Engine): Engine & AsyncDisposable {
  const removals = new Set<Promise<void>>();
  const allGone = async () => {
    for (const end of await Promise.allSettled(removals)) if (end.status === 'rejected') throw end.reason;
  };
  const over = (container: Container): Container => ({
    ...container,
    async start() {
      await allGone();
      await container.start();
    },
    async [Symbol.asyncDispose]() {
      const gone = Promise.resolve(container[Symbol.asyncDispose]());
      removals.add(gone);
      gone.then(
        () => removals.delete(gone),
        () => undefined,
      );
    },
  });
  return {
    ...engine,
    createContainer: async (spec) => over(await engine.createContainer(spec)),
    [Symbol.asyncDispose]: allGone,
  };
}
