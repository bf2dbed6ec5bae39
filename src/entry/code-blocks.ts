import { markdownLines } from './markdown-lines.ts';

/** A fenced code block of a Markdown text. */
export type CodeBlock = {
  /** The first word after the fence, in lower case; empty where there is none. */
  readonly language: string;
  /** A line that ends in a backslash is joined with the next. */
  readonly lines: readonly string[];
};

/** The fenced code blocks that are closed, CommonMark section 4.5. */
export function* codeBlocks(markdown: string): Generator<CodeBlock> {
  let open: { readonly language: string; readonly lines: string[] } | undefined;
  for (const { kind, text, language } of markdownLines(markdown)) {
    if (kind === 'code') {
      open?.lines.push(text);
      continue;
    }
    if (open !== undefined) yield { language: open.language, lines: joinContinued(open.lines) };
    open = kind === 'open' ? { language, lines: [] } : undefined;
  }
}

function joinContinued(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let open = '';
  for (const line of lines) {
    if (line.endsWith('\\')) open += `${line.slice(0, -1).trimEnd()} `;
    else {
      joined.push(open === '' ? line : open + line.trim());
      open = '';
    }
  }
  if (open !== '') joined.push(open.trimEnd());
  return joined;
}
