import type { SourceFile, TextRange } from '../shared/diagnostic.ts';
import { type HeredocOpening, heredocOpenings, readHeredoc } from './heredoc.ts';
import { invalidDockerfile } from './invalid-dockerfile.ts';
import {
  type LogicalLine,
  LogicalLineBuilder,
  type PhysicalLine,
  physicalLines,
  sourceOffset,
} from './logical-line.ts';
import type { EscapeToken, Heredoc, LineRange, ParserDirective } from './model.ts';
import { splitFlags } from './split-words.ts';

/** One instruction, not yet understood. The line begins with its keyword. */
export type RawInstruction = {
  readonly line: LogicalLine;
  readonly heredocs: readonly Heredoc[];
  readonly range: TextRange;
  readonly lines: LineRange;
};

const DIRECTIVES: readonly string[] = ['syntax', 'escape', 'check'];

/**
 * The parser directives at the top of the file. An ordinary comment, an empty line, an unknown name or an instruction
 * ends them (https://docs.docker.com/reference/dockerfile/#parser-directives).
 * @throws UserError `dockerfile-invalid` for a directive that comes twice, and for an escape that is neither `\` nor
 * a backquote.
 */
export function readDirectives(source: SourceFile): ParserDirective[] {
  const found: ParserDirective[] = [];
  for (const { start, end } of physicalLines(source.text)) {
    const match = /^\s*#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=(.*)$/s.exec(source.text.slice(start, end));
    const name = match?.[1]?.toLowerCase() ?? '';
    const value = match?.[2]?.trim() ?? '';
    if (!DIRECTIVES.includes(name) || value === '') break;
    if (found.some((directive) => directive.name === name)) {
      throw invalidDockerfile(source, start, `the parser directive ${name} is given twice`);
    }
    if (name === 'escape' && value !== '\\' && value !== '`') {
      throw invalidDockerfile(source, start, `the escape directive must be \\ or \`, not ${value}`);
    }
    found.push({ name, value, range: { start, end } });
  }
  return found;
}

/**
 * Splits a Dockerfile into instructions as BuildKit's parser does: continuation lines joined, comments and
 * empty lines between them dropped, heredocs read.
 * @throws UserError `dockerfile-invalid` for a heredoc without its end.
 */
export function splitInstructions(source: SourceFile, escapeToken: EscapeToken): RawInstruction[] {
  const lines = physicalLines(source.text);
  const result: RawInstruction[] = [];
  let next = 0;
  while (next < lines.length) {
    const joined = joinContinued(source.text, lines, next, escapeToken);
    if (joined === null) {
      next += 1;
      continue;
    }
    const heredocs: Heredoc[] = [];
    let after = joined.next;
    for (const opening of openingsOf(joined.line.text)) {
      const at = sourceOffset(joined.line, Math.max(0, joined.line.text.indexOf('<<')));
      const read = readHeredoc(source, opening, { all: lines, first: after }, at);
      heredocs.push(read.heredoc);
      after = read.next;
    }
    const last = heredocs.length > 0 ? after - 1 : joined.last;
    result.push({
      line: joined.line,
      heredocs,
      range: { start: joined.start, end: (lines[last] as PhysicalLine).end },
      lines: { first: joined.first + 1, last: last + 1 },
    });
    next = after;
  }
  return result;
}

type Joined = {
  readonly line: LogicalLine;
  /** Offset of the first character. */
  readonly start: number;
  /** Indexes of the first and last line that add text, and of the line after them. */
  readonly first: number;
  readonly last: number;
  readonly next: number;
};

/** The instruction that begins at a line; null for an empty line and a comment. */
function joinContinued(
  text: string,
  lines: readonly PhysicalLine[],
  first: number,
  escapeToken: EscapeToken,
): Joined | null {
  const builder = new LogicalLineBuilder();
  const opening = contentOf(text, lines[first] as PhysicalLine, true);
  if (opening === null) return null;
  let last = first;
  let index = first;
  for (; index < lines.length; index += 1) {
    const content = index === first ? opening : contentOf(text, lines[index] as PhysicalLine, false);
    if (content === null) continue;
    const end = continuationAt(text, content, escapeToken);
    builder.add(text, { start: content.start, end: end ?? content.end });
    last = index;
    if (end === null) break;
  }
  return { line: builder.build(), start: opening.start, first, last, next: index + 1 };
}

/** The text of a line, or null where it is empty or a comment. Only the first line loses its indent. */
function contentOf(text: string, line: PhysicalLine, trim: boolean): TextRange | null {
  const written = text.slice(line.start, line.end);
  const trimmed = written.trimStart();
  if (trimmed === '' || trimmed.startsWith('#')) return null;
  return { start: line.start + (trim ? written.length - trimmed.length : 0), end: line.end };
}

/**
 * Where the escape character stands that continues a line; null where the line ends. A doubled one does not continue.
 */
function continuationAt(text: string, content: TextRange, escapeToken: EscapeToken): number | null {
  const pattern = escapeToken === '\\' ? /(?:^|[^\\])\\[ \t]*$/ : /(?:^|[^`])`[ \t]*$/;
  const written = text.slice(content.start, content.end);
  return pattern.test(written) ? content.start + written.lastIndexOf(escapeToken) : null;
}

const HEREDOC_KEYWORDS = /^(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s/i;

/** The heredocs of ADD, COPY and RUN, directly or under ONBUILD; in JSON form `<<` means nothing. */
function openingsOf(line: string): HeredocOpening[] {
  const keyword = HEREDOC_KEYWORDS.exec(line)?.[0];
  if (keyword === undefined) return [];
  const { rest } = splitFlags(line, keyword.length);
  return isJsonArray(line.slice(rest)) ? [] : heredocOpenings(line.slice(rest));
}

/** Whether Docker takes the arguments for a JSON array: anything that fails to parse is in shell form. */
export function isJsonArray(text: string): boolean {
  if (!text.trimStart().startsWith('[')) return false;
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
