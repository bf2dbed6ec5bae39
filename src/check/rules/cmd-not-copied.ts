import type { ExpandedStage } from '../../dockerfile/expand-stage.ts';
import { targetStage } from '../../dockerfile/stages-used.ts';
import { classOf } from '../../entry/unit.ts';
import { baseName, childOf, type ImagePath, imagePath, isWithin } from '../../shared/image-path.ts';
import type { Rule } from '../rule.ts';

export const cmdNotCopied: Rule = {
  code: 'cmd-not-copied',
  severity: 'error',
  about: 'A `cmd` that starts a program which no COPY of the final scratch stage copies.',
  of: 'dockerfile',
  *check({ dockerfile, target, stages, kraftfiles }) {
    const last = dockerfile === null ? undefined : targetStage(dockerfile, target ?? undefined);
    const stage = stages.find((known) => known.stage.index === last?.index);
    if (stage?.stage.from.kind !== 'scratch') return;
    for (const { source, kraftfile } of kraftfiles) {
      const [program = ''] = kraftfile?.cmd?.argv ?? [];
      if (kraftfile?.cmd == null || classOf(kraftfile) === 'runtime-delta' || !/^\/\S+$/.test(program))
        continue;
      if (mayBring(stage, imagePath(program))) continue;
      const message = `cmd starts ${program}, which no COPY of the final stage copies`;
      yield { file: source.file, range: kraftfile.cmd.range, message };
    }
  },
};

/** Whether a COPY or ADD goes to the program, or to a directory above it and might hold it. */
function mayBring({ instructions }: ExpandedStage, program: ImagePath): boolean {
  return instructions.some(({ instruction: { keyword }, copy }) => {
    if (copy === null) return keyword === 'RUN';
    if (isWithin(program, copy.destination) && !copy.intoDirectory) return true;
    return (
      copy.inline.length > 0 || copy.sources.some((source) => mayArrive(source, copy.destination, program))
    );
  });
}

/** A source with a name goes into a directory under its name if it is a file, and as its content if it is none. */
function mayArrive(source: string, directory: ImagePath, program: ImagePath): boolean {
  if (!isWithin(program, directory)) return false;
  const isSurelyFile = /\.(?:so(?:\.[\d.]+)?|conf|cnf|json|ya?ml|pem|crt)$/.test(source);
  return !isSurelyFile || childOf(directory, baseName(imagePath(source))) === program;
}
