import type { Tag } from './tag.ts';

/**
 * How the versions of some images say that they are no release to stay on: the numbers that versions of one such line
 * share, or null for a release. By the last part of the image's name.
 */
const SCHEMES: Readonly<Record<string, (numbers: readonly number[]) => readonly number[] | null>> = {
  // perlpolicy: an odd second number is the development of the next even one
  perl: (numbers) => ((numbers[1] ?? 0) % 2 === 1 ? numbers.slice(0, 2) : null),
  // releases with long-term support come in April of even years; the others end after nine months
  ubuntu: ([year, month, ...more]) => {
    const isInterim =
      month !== undefined && more.length === 0 && (year === undefined || year % 2 === 1 || month !== 4);
    return isInterim ? [year ?? 0, month] : null;
  },
};

/**
 * The line of a version that is none to stay on: of a pre-release its version, of a development version what its
 * scheme has for one. Other tags of the same line may follow it. null for a release.
 */
export function earlyLineOf({ numbers, pre, date }: Tag, image: string): string | null {
  // a pre-release without a number, `7.2-rc`, stands for the newest one; numbered ones are others
  if (pre !== null) return `${numbers.join('.')} ${pre.numbers.length === 0 ? 'floating' : 'numbered'}`;
  const line = date === null ? (SCHEMES[image]?.(numbers) ?? null) : null;
  return line === null ? null : `line ${line.join('.')}`;
}
