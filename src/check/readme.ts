import { type KraftRun, readKraftRun } from '../entry/kraft-run.ts';
import { shellWords } from '../entry/shell-line.ts';
import type { SourceFile, TextRange } from '../shared/diagnostic.ts';
import { headingOf } from '../shared/heading.ts';
import type { Entry } from './entry.ts';
import { linesOf } from './house-text.ts';

export type Heading = { readonly level: number; readonly text: string; readonly range: TextRange };

/** A command in a fenced block of a README. */
export type ReadmeLine = {
  /** Quotes, prompt and `sudo` are taken away. */
  readonly words: readonly string[];
  /** The first of its lines. */
  readonly range: TextRange;
  /** The heading of level 2 that it stands below; empty above the first. */
  readonly section: string;
};

export type ReadmeRunLine = ReadmeLine & { readonly run: KraftRun };

/** The README of an entry. */
export type EntryReadme = {
  readonly entry: Entry;
  readonly source: SourceFile;
  readonly headings: readonly Heading[];
  readonly lines: readonly ReadmeLine[];
  /** The `kraft run` lines among them. */
  readonly runs: readonly ReadmeRunLine[];
};

export function readReadme(entry: Entry, source: SourceFile): EntryReadme {
  const { headings, lines } = scanMarkdown(source.text);
  const runs = lines.flatMap((line) => {
    const run = readKraftRun(line.words);
    return run === undefined ? [] : [{ ...line, run }];
  });
  return { entry, source, headings, lines, runs };
}

/** The headings (`# Text`) and the lines in fenced blocks of a Markdown text, CommonMark sections 4.2 and 4.5. */
function scanMarkdown(text: string): Pick<EntryReadme, 'headings' | 'lines'> {
  const headings: Heading[] = [];
  const lines: ReadmeLine[] = [];
  let fence: string | null = null;
  let section = '';
  let open: { text: string; range: TextRange } | null = null;
  for (const { start, end } of linesOf(text)) {
    const line = text.slice(start, end);
    const range = { start, end };
    const marker: string | undefined = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (marker !== undefined && (fence === null || marker.startsWith(fence))) {
      fence = fence === null ? marker : null;
      open = null;
    } else if (fence !== null) {
      const joined: string = open === null ? line : `${open.text} ${line.trim()}`;
      const first: TextRange = open?.range ?? range;
      open = line.endsWith('\\') ? { text: joined.slice(0, -1).trimEnd(), range: first } : null;
      if (open === null) lines.push({ words: commandWords(joined), range: first, section });
    } else {
      const heading = headingOf(line);
      if (heading === null) continue;
      headings.push({ ...heading, range });
      if (heading.level === 2) section = heading.text;
    }
  }
  return { headings, lines };
}

function commandWords(line: string): string[] {
  return shellWords(
    line
      .trim()
      .replace(/^[$#]\s+/, '')
      .replace(/^sudo\s+/, ''),
  );
}
