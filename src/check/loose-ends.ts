import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import type { SourceFile, TextRange } from '../shared/diagnostic.ts';
import { UserError } from '../shared/failure.ts';
import { plainValue } from '../shared/yaml-node.ts';
import { parseYaml } from '../shared/yaml-source.ts';
import { linesOf, type TextFormat } from './house-text.ts';

/** White space at the ends of lines, and whether taking it away leaves the meaning of the file as it is. */
export type LooseEnds = { readonly ends: readonly TextRange[]; readonly isSafe: boolean };

/** What a format makes of white space at a line's end: where it has a meaning it is none of these. */
export function looseEnds(source: SourceFile, format: TextFormat): LooseEnds {
  const { text } = source;
  const all = linesOf(text).flatMap(({ start, end }) => {
    const kept = text.slice(start, end).trimEnd().length;
    return kept < end - start ? [{ start: start + kept, end }] : [];
  });
  if (all.length === 0) return { ends: [], isSafe: true };
  switch (format) {
    case 'markdown':
      return { ends: all.filter((end) => !isMarkup(text, end)), isSafe: true };
    case 'dockerfile': {
      const heredocs = heredocsOf(source);
      const isContent = ({ start }: TextRange) =>
        heredocs?.some((part) => start >= part.start && start <= part.end);
      return { ends: all.filter((end) => isContent(end) !== true), isSafe: heredocs !== null };
    }
    case 'yaml':
      return { ends: all, isSafe: isSameYaml(source, trimmed(text, all)) };
    case 'ignore':
      return { ends: all.filter(({ start }) => text[start - 1] !== '\\'), isSafe: true };
    case 'source':
      return { ends: all, isSafe: false };
  }
}

function trimmed(text: string, ends: readonly TextRange[]): string {
  return ends.reduceRight((result, { start, end }) => result.slice(0, start) + result.slice(end), text);
}

/** Two spaces break the line in Markdown (CommonMark section 6.7), and a fenced block shows what an app printed. */
function isMarkup(text: string, { start, end }: TextRange): boolean {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const isBreak = end - start >= 2 && line.trim() !== '' && !line.startsWith('#') && !line.startsWith('|');
  return isBreak || isFenced(text, start);
}

function isFenced(text: string, at: number): boolean {
  const marks = text.slice(0, at).match(/^ {0,3}(?:`{3,}|~{3,})/gm) ?? [];
  return marks.length % 2 === 1;
}

/** The places of all heredocs; null where the file has mistakes. */
function heredocsOf({ file, text }: SourceFile): TextRange[] | null {
  try {
    const instructions = parseDockerfile(text, { file }).stages.flatMap((stage) => stage.instructions);
    return instructions.flatMap((part) =>
      'heredocs' in part ? part.heredocs.map(({ range }) => range) : [],
    );
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function isSameYaml(source: SourceFile, text: string): boolean {
  const [before, after] = [parseYaml(source), parseYaml({ ...source, text })];
  if (before.diagnostics.length > 0 || after.diagnostics.length > 0) return false;
  return JSON.stringify(plainValue(before.root)) === JSON.stringify(plainValue(after.root));
}
