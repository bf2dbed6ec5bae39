/**
 * Disposes of all that was opened and leaves the list empty. One that cannot be removed keeps none of the others.
 * @throws what the first of those threw
 */
export async function disposeAll(opened: AsyncDisposable[]): Promise<void> {
  const ended = await Promise.allSettled(opened.splice(0).map((one) => one[Symbol.asyncDispose]()));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
