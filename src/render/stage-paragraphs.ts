import type { Dockerfile, Instruction, Stage } from '../dockerfile/model.ts';
import { append } from '../shared/append.ts';

/**
 * The lines of a stage in paragraphs, as blank lines part them, with each instruction as `write` writes it. Comments
 * above an instruction go with it; those at the head of a paragraph stay while anything of the paragraph does; a
 * paragraph of comments alone stays. The first paragraph begins with the FROM. Lines are without their ends.
 */
export function paragraphsOf(
  { text }: Dockerfile,
  stage: Stage,
  write: (instruction: Instruction) => readonly string[],
): string[][] {
  const { fromInstruction, instructions } = stage;
  const done: string[][] = [];
  let heading: string[] = [];
  let open: string[] = [fromInstruction.raw];
  const close = () => {
    if (open.length > 0) done.push(open);
    open = [];
    heading = [];
  };
  let end = fromInstruction.range.end;
  for (const instruction of instructions) {
    const { paragraphs, comments, indent } = readGap(text.slice(end, instruction.range.start));
    end = instruction.range.end;
    if (paragraphs !== null) {
      close();
      append(done, paragraphs);
      heading = comments;
    }
    const written = write(instruction);
    if (written.length === 0) continue;
    const above = paragraphs === null ? comments : [];
    append(open, [...heading.splice(0), ...above, ...written.map((line) => `${indent}${line}`)]);
  }
  close();
  const { paragraphs, comments } = readGap(`${text.slice(end, endOf(text, stage))}\n`);
  append(done, paragraphs ?? []);
  if (comments.length > 0) done.push(comments);
  return done.map((lines) => lines.flatMap((line) => line.replaceAll('\r', '').split('\n')));
}

/** Where the text behind a stage's last instruction ends: before the next FROM, or with the file. */
function endOf(text: string, { range }: Stage): number {
  const next = /^[ \t]*FROM\s/im.exec(text.slice(range.end));
  return next === null ? text.length : range.end + next.index;
}

type Gap = {
  /** The paragraphs of comments between two blank lines; null where no blank line is in the gap. */
  readonly paragraphs: string[][] | null;
  /** Comments that the next instruction follows at once. */
  readonly comments: string[];
  /** What the next instruction is indented by. */
  readonly indent: string;
};

/** What stands between two instructions. */
function readGap(gap: string): Gap {
  const lines = gap.replaceAll('\r', '').split('\n');
  const indent = lines.pop() ?? '';
  const paragraphs: string[][] = [[]];
  for (const line of lines.slice(1)) {
    if (line.trim() === '') paragraphs.push([]);
    else paragraphs.at(-1)?.push(line);
  }
  const comments = paragraphs.pop() as string[];
  if (paragraphs.length === 0) return { paragraphs: null, comments, indent };
  return { paragraphs: paragraphs.filter(({ length }) => length > 0), comments, indent };
}
