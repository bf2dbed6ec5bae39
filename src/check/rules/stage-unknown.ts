import type { CopyFrom, Dockerfile, Instruction } from '../../dockerfile/model.ts';
import { nearestMatch } from '../../shared/nearest-match.ts';
import type { Rule } from '../rule.ts';

export const stageUnknown: Rule = {
  code: 'stage-unknown',
  severity: 'error',
  about: 'A `--from` or `from=` that names no stage, and probably no image.',
  of: 'dockerfile',
  *check({ source: { file }, dockerfile, frame }) {
    if (dockerfile === null) return;
    const names = dockerfile.stages.flatMap(({ name }) => name ?? []);
    const images = new Set([
      ...COMMON_IMAGES,
      ...frame.library.map(({ name }) => name),
      ...bases(dockerfile),
    ]);
    for (const instruction of dockerfile.stages.flatMap(({ instructions }) => instructions)) {
      for (const { raw } of imagesReadBy(instruction)) {
        const nearest = nearestMatch(raw, names);
        if (/[/:@.$]/.test(raw) || (images.has(raw) && nearest === undefined)) continue;
        const hint =
          nearest === undefined ? `the stages are ${names.join(', ')}` : `did you mean ${nearest}?`;
        yield { file, range: instruction.range, message: `there is no stage ${raw}: ${hint}` };
      }
    }
  },
};

/** Images that are copied from by their bare names. */
const COMMON_IMAGES = ['alpine', 'busybox', 'debian', 'ubuntu'];

/** The bare names of the images that stages begin with. */
function bases({ stages }: Dockerfile): string[] {
  return stages.flatMap(({ from }) => (from.kind === 'image' ? [from.image.split(/[:@]/)[0] ?? ''] : []));
}

function imagesReadBy(instruction: Instruction): CopyFrom[] {
  const sources =
    instruction.keyword === 'COPY' || instruction.keyword === 'ADD'
      ? [instruction.from]
      : instruction.keyword === 'RUN'
        ? instruction.mounts.map(({ from }) => from)
        : [];
  return sources.flatMap((from) => (from?.kind === 'image' ? [from] : []));
}
