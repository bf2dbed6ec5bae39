/** A fenced code block of a Markdown text. */
export type CodeBlock = {
  /** The first word after the fence, in lower case; empty where there is none. */
  readonly language: string;
  /** A line that ends in a backslash is joined with the next. */
  readonly lines: readonly string[];
};

/** The fenced code blocks that are closed, CommonMark section 4.5. */
export function* codeBlocks(markdown: string): Generator<CodeBlock> {
  let open: { fence: string; language: string; lines: string[] } | undefined;
  for (const line of markdown.split(/\r?\n/)) {
    if (open === undefined) {
      const fence = openingFence(line);
      if (fence !== null) open = { ...fence, lines: [] };
    } else if (closesFence(line, open.fence)) {
      yield { language: open.language, lines: joinContinued(open.lines) };
      open = undefined;
    } else open.lines.push(line);
  }
}

/** The fence of a line that opens a code block, and what the block's language is called; null for any other line. */
export function openingFence(line: string): { fence: string; language: string } | null {
  const [, fence, info = ''] = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(line) ?? [];
  return fence === undefined ? null : { fence, language: languageOf(info) };
}

/** Whether a line ends the code block that a fence opened. */
export function closesFence(line: string, fence: string): boolean {
  const closing = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(line)?.[1];
  return closing?.startsWith(fence) === true;
}

function languageOf(info: string): string {
  return (info.trim().split(/\s+/)[0] ?? '').toLowerCase();
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
