import type { Dockerfile, Stage } from '../dockerfile/model.ts';

/** Names for the stage that holds the full root file system, in the order in which they are tried. */
const FULL_NAMES = ['build', 'rootfs'];

/** The text of a Dockerfile in which a stage has a name, and that name. */
export function nameStage(dockerfile: Dockerfile, stage: Stage): { above: string; name: string } {
  const { text } = dockerfile;
  if (stage.name !== null) return { above: text, name: stage.name };
  const name = freeName(FULL_NAMES, takenIn(dockerfile));
  const { end } = stage.from.range;
  return { above: `${text.slice(0, end)} AS ${name}${text.slice(end)}`, name };
}

/** A name for a new stage, which no stage has, nor the stage that gets the name `full`. */
export function nameStagedRoot(dockerfile: Dockerfile, full: string): string {
  return freeName(['rootfs'], takenIn(dockerfile).add(full));
}

function takenIn({ stages }: Dockerfile): Set<string | null> {
  return new Set(stages.map(({ name }) => name));
}

function freeName(wished: readonly string[], taken: ReadonlySet<string | null>): string {
  const name = wished.find((candidate) => !taken.has(candidate));
  if (name !== undefined) return name;
  for (let count = 2; ; count += 1) {
    if (!taken.has(`rootfs${count}`)) return `rootfs${count}`;
  }
}
