import type { Seconds } from './result.ts';

type Part = Exclude<keyof Seconds, 'total'>;

/** Adds up how long each part of the work took. */
export type Stopwatch = {
  /** Runs a piece of work and books its time on a part. */
  readonly time: <T>(part: Part, work: () => Promise<T>) => Promise<T>;
  readonly seconds: () => Seconds;
};

export function startStopwatch(): Stopwatch {
  const start = performance.now();
  const parts: Record<Part, number> = { build: 0, baseline: 0, trace: 0, search: 0, verify: 0 };
  return {
    async time(part, work) {
      const begun = performance.now();
      try {
        return await work();
      } finally {
        parts[part] += performance.now() - begun;
      }
    },
    seconds: () => {
      const { build, baseline, trace, search, verify } = parts;
      return {
        total: toSeconds(performance.now() - start),
        build: toSeconds(build),
        baseline: toSeconds(baseline),
        trace: toSeconds(trace),
        search: toSeconds(search),
        verify: toSeconds(verify),
      };
    },
  };
}

/** Seconds with two decimals. */
export function toSeconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}

/** What a piece of work gives, and how many seconds it took. */
export async function timed<T>(work: () => T | Promise<T>): Promise<[T, number]> {
  const begun = performance.now();
  return [await work(), toSeconds(performance.now() - begun)];
}
