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
    const [, fence, info = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== undefined) open = { fence, language: languageOf(info), lines: [] };
    } else if (fence?.startsWith(open.fence) && info.trim() === '') {
      yield { language: open.language, lines: joinContinued(open.lines) };
      open = undefined;
    } else open.lines.push(line);
  }
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
