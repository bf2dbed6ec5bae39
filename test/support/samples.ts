import { randomOf } from '../../src/search/random.ts';

/** `npm run soak` takes full counts; every other run takes a sample of each. */
const IS_SOAK = process.env.KRAFT_SLIM_SOAK === '1';

/**
 * What samples are drawn by: the same in every run, unless the environment names another. The soak draws by the time,
 * so that each of them sees other samples.
 */
export const SEED = seedOf(process.env.KRAFT_SLIM_SEED) ?? 5;

function seedOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const seed = Number(text);
  if (!Number.isInteger(seed)) throw new Error(`cannot read KRAFT_SLIM_SEED: ${text} is no integer`);
  return seed;
}

/** Some of a list, in its order, drawn by the seed; all of it where the count says so. */
export function drawSome<T>(all: readonly T[], counts: { readonly ci: number; readonly soak: number }): T[] {
  const random = randomOf(SEED);
  const ranks = all.map(() => random());
  const last = [...ranks].sort((a, b) => a - b)[samples(counts) - 1] ?? 1;
  return all.filter((_, at) => (ranks[at] as number) <= last);
}

/** How many: a sample, or the full count in the soak. */
export function samples({ ci, soak }: { readonly ci: number; readonly soak: number }): number {
  return IS_SOAK ? soak : ci;
}

/** Parameters of a property of fast-check, which prints the seed where the property fails. */
export function drawn(counts: { readonly ci: number; readonly soak: number }): {
  readonly numRuns: number;
  readonly seed: number;
} {
  return { numRuns: samples(counts), seed: SEED };
}
