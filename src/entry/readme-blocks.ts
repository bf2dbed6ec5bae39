import type { Diagnostic, TextRange } from '../shared/diagnostic.ts';
import { closesFence, openingFence } from './code-blocks.ts';

/**
 * A part of a README that the author leaves to the tool: the lines between `<!-- kraft-slim:begin NAME -->` and
 * `<!-- kraft-slim:end -->`, each on a line of its own and outside of code.
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
  for (const { text, range, start, next } of linesOutsideFences(markdown)) {
    if (!COMMENT.test(text)) continue;
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

type Line = {
  /** Without its line end. */
  readonly text: string;
  /** Without the blanks that it begins with. */
  readonly range: TextRange;
  readonly start: number;
  /** Where the next line begins. */
  readonly next: number;
};

/** A fence that is never closed lasts to the end, CommonMark section 4.5. */
function* linesOutsideFences(markdown: string): Generator<Line> {
  let fence: string | null = null;
  for (let start = 0; start < markdown.length; ) {
    const at = markdown.indexOf('\n', start);
    const next = at === -1 ? markdown.length : at + 1;
    const text = markdown.slice(start, next).replace(/\r?\n$/, '');
    if (fence !== null) {
      if (closesFence(text, fence)) fence = null;
    } else {
      fence = openingFence(text)?.fence ?? null;
      if (fence === null) {
        const indent = text.length - text.trimStart().length;
        yield { text, range: { start: start + indent, end: start + text.length }, start, next };
      }
    }
    start = next;
  }
}
