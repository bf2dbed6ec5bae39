import type { ExpandedInstruction } from '../../dockerfile/expand-stage.ts';
import type { CopyInstruction } from '../../dockerfile/model.ts';
import { groupBy } from '../../shared/group-by.ts';
import { baseName, childOf, type ImagePath, isWithin } from '../../shared/image-path.ts';
import type { EntryDockerfile } from '../dockerfile.ts';
import type { Edit } from '../finding.ts';
import { lineAt } from '../house-text.ts';
import type { Rule } from '../rule.ts';

export const copyTwice: Rule = {
  code: 'copy-twice',
  severity: 'warning',
  about: 'A file that two COPY lines of a stage copy to the same path.',
  of: 'dockerfile',
  *check(subject) {
    const { source, stages } = subject;
    for (const { instructions } of stages) {
      // a line that repeats another has many such files
      const groups = groupBy(repeatsIn(instructions), ({ before, arrival }) => {
        const { lines } = arrival.instruction;
        return before.from === arrival.from
          ? `${before.instruction.lines.first} ${lines.first}`
          : arrival.place;
      });
      for (const [first, ...more] of groups.values()) {
        if (first === undefined) continue;
        const { before, arrival } = first;
        const { instruction, place, from } = arrival;
        const line = before.instruction.lines.first;
        const isSame = before.from === from;
        const twice = more.length === 0 ? `${place} is` : `${place} and ${more.length} more are`;
        const message = isSame
          ? `${twice} copied twice, first in line ${line}`
          : `${place} is copied from ${from}, over what line ${line} copies there from ${before.from}`;
        const isIdle = isSame && arrival.isAlone && !isTouchedBetween(instructions, before, arrival);
        const edits = isIdle ? withoutLines(subject, instruction) : [];
        yield { file: source.file, range: instruction.range, message, edits };
      }
    }
  },
};

/** A file that arrives where an earlier line has copied a file. */
type Repeat = { readonly before: Arrival; readonly arrival: Arrival };

function repeatsIn(instructions: readonly ExpandedInstruction[]): Repeat[] {
  const seen = new Map<string, Arrival>();
  return instructions.flatMap(arrivalsOf).flatMap((arrival) => {
    const before = seen.get(arrival.place);
    seen.set(arrival.place, before ?? arrival);
    return before === undefined || !isOneFile(before, arrival) ? [] : [{ before, arrival }];
  });
}

/** One source of a COPY on its way. */
type Arrival = {
  readonly instruction: CopyInstruction;
  readonly place: ImagePath;
  /** Stage and path, flags included. */
  readonly from: string;
  /** The only source of its line. */
  readonly isAlone: boolean;
};

function arrivalsOf({ instruction, copy }: ExpandedInstruction): Arrival[] {
  if (copy === null || instruction.keyword !== 'COPY') return [];
  const flags = instruction.flags.map(({ name, value }) => `--${name}=${value} `).join('');
  return copy.sources
    .filter((source) => !/[*?[]/.test(source) && !/\/\.?$|^\.$/.test(source))
    .map((source) => ({
      instruction,
      place: copy.intoDirectory ? childOf(copy.destination, baseName(source as ImagePath)) : copy.destination,
      from: `${flags}${source}`,
      isAlone: copy.sources.length === 1,
    }));
}

/** Directories may be copied over one another: two sources differ in earnest where the place is surely a file. */
function isOneFile(first: Arrival, second: Arrival): boolean {
  return (
    first.from === second.from ||
    /\.(?:so(?:\.[\d.]+)?|conf|cnf|json|ya?ml|js|py|pl|rb|lua|php|sh|crt|pem)$/.test(second.place)
  );
}

/** Whether anything between two lines may have changed what the first has copied. */
function isTouchedBetween(
  instructions: readonly ExpandedInstruction[],
  first: Arrival,
  { instruction: second, place }: Arrival,
): boolean {
  const all = instructions.map(({ instruction }) => instruction);
  const between = instructions.slice(all.indexOf(first.instruction) + 1, all.indexOf(second));
  return between.some(({ instruction: { keyword }, copy }) => {
    if (copy === null)
      return keyword === 'RUN' || keyword === 'WORKDIR' || keyword === 'ENV' || keyword === 'ARG';
    return isWithin(place, copy.destination) || isWithin(copy.destination, place);
  });
}

/** Without the second line, and without the comments right above it where they head nothing else. */
function withoutLines({ source: { file, text } }: EntryDockerfile, { range }: CopyInstruction): Edit[] {
  const end = lineAt(text, range.end).next;
  const { start } = lineAt(text, range.start);
  const isLastOfBlock = /^(?:[ \t]*\r?\n|$)/.test(text.slice(end));
  const headed = isLastOfBlock ? headingLength(text, start) : 0;
  return [{ file, range: { start: start - headed, end }, replacement: '' }];
}

/** The length of the comments right above a line, and of an empty line above those. */
function headingLength(text: string, end: number): number {
  let start = end;
  for (;;) {
    const above = start === 0 ? start : text.lastIndexOf('\n', start - 2) + 1;
    if (above === start || !/^[ \t]*#/.test(text.slice(above, start))) break;
    start = above;
  }
  if (start === end) return 0;
  const empty = /(?:^|\n)(\r?\n)$/.exec(text.slice(Math.max(0, start - 3), start))?.[1] ?? '';
  return end - start + empty.length;
}
