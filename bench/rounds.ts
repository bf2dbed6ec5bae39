/**
 * One thing to be timed against others in the same rounds. A number that it resolves to is its own time in
 * milliseconds, where what is around it is not to be counted.
 */
export type Contender = { readonly name: string; readonly run: () => Promise<unknown> };

/**
 * Times contenders in turns, so that a noisy machine is noisy to all of them, and prints the median of each and
 * its ratio to the first. Gives the medians in milliseconds.
 */
export async function race(title: string, contenders: readonly Contender[], rounds = 5): Promise<number[]> {
  const times = contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [at, { run }] of contenders.entries()) {
      const begun = performance.now();
      const own = await run();
      // the first round warms the caches of all sides alike
      if (round > 0) times[at]?.push(typeof own === 'number' ? own : performance.now() - begun);
    }
  }
  const medians = times.map(median);
  const lines = contenders.map(({ name }, at) => {
    const ratio = (medians[at] ?? 0) / (medians[0] ?? 1);
    return `  ${(medians[at] ?? 0).toFixed(0).padStart(8)} ms  ${ratio.toFixed(2).padStart(6)} x  ${name}`;
  });
  process.stdout.write(`\n${title} (median of ${rounds} rounds)\n${lines.join('\n')}\n`);
  return medians;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
