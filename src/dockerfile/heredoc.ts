import type { SourceFile } from '../shared/diagnostic.ts';
import { ExpansionError, expandWord } from './expand-word.ts';
import { invalidDockerfile } from './invalid-dockerfile.ts';
import type { PhysicalLine } from './logical-line.ts';
import type { Heredoc } from './model.ts';
import { splitQuoted } from './split-words.ts';

/** `<<NAME`, `<<-NAME`, `<<"NAME"`, with or without a file descriptor in front. */
export type HeredocOpening = {
  readonly name: string;
  readonly quoted: boolean;
  /** `<<-`: leading tabs are removed, from the terminator too. */
  readonly chomp: boolean;
};

/** Reads a word as the opening of a heredoc; null where it is none. BuildKit's ParseHeredoc. */
export function readHeredocOpening(word: string): HeredocOpening | null {
  const match = /^\d*<<(-?)([^<]+)$/.exec(word);
  if (match === null) return null;
  const written = match[2] as string;
  try {
    const name = expandWord(written, { valueOf: () => undefined, escapeToken: '\\' });
    return name === '' ? null : { name, quoted: name !== written, chomp: match[1] === '-' };
  } catch (error) {
    if (error instanceof ExpansionError) return null;
    throw error;
  }
}

/** The heredocs that an instruction opens, in order. */
export function heredocOpenings(line: string): HeredocOpening[] {
  if (!line.includes('<<')) return [];
  return splitQuoted(line, 0, '\\').flatMap((word) => readHeredocOpening(word.text) ?? []);
}

/**
 * Reads one heredoc from the physical lines that begin at `first`.
 * @throws UserError `dockerfile-invalid` at `openedAt` (a source offset) where its terminator is missing.
 */
export function readHeredoc(
  source: SourceFile,
  opening: HeredocOpening,
  lines: { readonly all: readonly PhysicalLine[]; readonly first: number },
  openedAt: number,
): { heredoc: Heredoc; next: number } {
  const { text } = source;
  const start = lines.all[lines.first]?.start ?? text.length;
  for (let index = lines.first; index < lines.all.length; index += 1) {
    const line = lines.all[index] as PhysicalLine;
    const written = text.slice(line.start, line.end);
    if ((opening.chomp ? written.replace(/^\t+/, '') : written) !== opening.name) continue;
    const content = text.slice(start, line.start);
    const heredoc = {
      name: opening.name,
      content: opening.chomp ? content.replace(/^\t+/gm, '') : content,
      quoted: opening.quoted,
      range: { start, end: line.end },
    };
    return { heredoc, next: index + 1 };
  }
  throw invalidDockerfile(
    source,
    openedAt,
    `the heredoc ${opening.name} is not terminated`,
    `end it with a line that holds just ${opening.name}`,
  );
}
