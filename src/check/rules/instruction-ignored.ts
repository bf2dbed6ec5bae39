import type { Instruction } from '../../dockerfile/model.ts';
import { targetStage } from '../../dockerfile/stages-used.ts';
import { ROOT } from '../../shared/image-path.ts';
import type { EntryDockerfile } from '../dockerfile.ts';
import type { RuleFault } from '../finding.ts';
import { lineAt } from '../house-text.ts';
import type { Rule } from '../rule.ts';

/** By keyword, what Unikraft uses instead. */
const IGNORED: Partial<Record<Instruction['keyword'], string>> = {
  USER: 'the app runs as root',
  HEALTHCHECK: 'nothing asks it',
  STOPSIGNAL: 'no signals are delivered',
  SHELL: 'there is no RUN that it is for',
};

export const instructionIgnored: Rule = {
  code: 'instruction-ignored',
  severity: 'warning',
  about:
    'ENTRYPOINT, CMD, USER, WORKDIR or a similar instruction in a final scratch stage: Unikraft ignores them.',
  of: 'dockerfile',
  *check(subject) {
    const { dockerfile, target, kraftfiles } = subject;
    const last = dockerfile === null ? undefined : targetStage(dockerfile, target ?? undefined);
    if (last?.from.kind !== 'scratch') return;
    const hasCommand = kraftfiles.every(({ kraftfile }) => (kraftfile?.cmd?.argv.length ?? 0) > 0);
    for (const instruction of last.instructions) {
      const isCommand = instruction.keyword === 'ENTRYPOINT' || instruction.keyword === 'CMD';
      const instead = isCommand && hasCommand ? 'the Kraftfile has a cmd' : IGNORED[instruction.keyword];
      if (instead !== undefined) yield removable(subject, instruction, instead);
    }
    const workdirs = last.instructions.filter(({ keyword }) => keyword === 'WORKDIR');
    const end = subject.stages.find(({ stage }) => stage.index === last.index)?.workdir ?? ROOT;
    const [final] = workdirs.slice(-1);
    // a WORKDIR also makes its directory, and one for the root ends such a series
    if (final !== undefined && end !== ROOT) {
      const message = `Unikraft ignores the final WORKDIR ${end}: the app runs in /`;
      yield { file: subject.source.file, range: final.range, message };
    }
  },
};

/** The whole lines go, which changes no file of the image. */
function removable(
  { source: { file, text } }: EntryDockerfile,
  instruction: Instruction,
  instead: string,
): RuleFault {
  const { keyword, range } = instruction;
  const start = lineAt(text, range.start).start;
  const end = lineAt(text, range.end).next;
  const message = `Unikraft ignores ${keyword}: ${instead}`;
  return { file, range, message, edits: [{ file, range: { start, end }, replacement: '' }] };
}
