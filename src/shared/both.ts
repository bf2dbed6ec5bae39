/** Waits for two pieces of work that run at once, also where one fails, so that neither outlives its caller. */
export async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
