import type { Diagnostic, TextRange } from '../shared/diagnostic.ts';
import { markdownLines } from './markdown-lines.ts';

/**
 * A part of a README that the author leaves to the tool: the lines between `<!-- kraft-slim:begin NAME -->` and
 * `<!-- kraft-slim:end -->`, each alone on a line and outside of code.
 */
export type ReadmeBlock = {
  readonly name: string;
  /** The lines between the markers, their line ends included. */
  readonly inside: TextRange;
};

export type ReadmeBlocks = {
  readonly blocks: readonly ReadmeBlock[];
  /** Markers without their other half, or that are not understood. */
  readonly diagnostics: readonly Diagnostic[];
};

/** A comment that speaks to the tool; a line with more than four blanks before it is code, CommonMark section 4.4. */
const COMMENT = /^ {0,3}<!--\s*kraft-slim:/;
const MARKER = /^ {0,3}<!--\s*kraft-slim:(?:begin\s+([\w-]+)|(end))\s*-->\s*$/;

/** The blocks of a README in their order. A marker inside a fenced code block is none. */
export function readReadmeBlocks(markdown: string): ReadmeBlocks {
  const blocks: ReadmeBlock[] = [];
  const diagnostics: Diagnostic[] = [];
  let open: { readonly name: string; readonly range: TextRange; readonly start: number } | null = null;
  for (const { kind, text, start, end: lineEnd, next } of markdownLines(markdown)) {
    if (kind !== 'text' || !COMMENT.test(text)) continue;
    const range = { start: start + text.length - text.trimStart().length, end: lineEnd };
    const complain = (message: string, at = range) => diagnostics.push({ message, range: at });
    const [, name, end] = MARKER.exec(text) ?? [];
    if (end !== undefined) {
      if (open === null) complain('there is no kraft-slim:begin above this kraft-slim:end');
      else blocks.push({ name: open.name, inside: { start: open.start, end: start } });
      open = null;
    } else if (name !== undefined) {
      if (open !== null) complain('there is no kraft-slim:end for this kraft-slim:begin', open.range);
      open = { name, range, start: next };
    } else complain('a marker is <!-- kraft-slim:begin NAME --> or <!-- kraft-slim:end -->');
  }
  if (open !== null) {
    diagnostics.push({ message: 'there is no kraft-slim:end for this kraft-slim:begin', range: open.range });
  }
  return { blocks, diagnostics };
}

/** A README without what stands in its blocks: what the tool wrote is no word of the author's. */
export function withoutReadmeBlocks(markdown: string): string {
  const kept: string[] = [];
  let from = 0;
  for (const { inside } of readReadmeBlocks(markdown).blocks) {
    kept.push(markdown.slice(from, inside.start));
    from = inside.end;
  }
  return kept.join('') + markdown.slice(from);
}
