import type { TextRange } from '../shared/diagnostic.ts';

/** A command with the lines that a backslash continues. */
export type CommandLines = { readonly text: string; readonly range: TextRange };

/** A line of a script, by its place in the text. */
type ScriptLine = { readonly start: number; readonly end: number };

/** The commands among lines that follow each other; a command begins behind the blanks and the prompt of its line. */
export function commandsIn(text: string, lines: readonly ScriptLine[]): CommandLines[] {
  const commands: CommandLines[] = [];
  let open: number | null = null;
  for (const [at, { start, end }] of lines.entries()) {
    const line = text.slice(start, end);
    const from: number = open ?? start + (/^\s*(?:\$\s+)?(?:sudo\s+)?/.exec(line)?.[0].length ?? 0);
    const goesOn = line.trimEnd().endsWith('\\') && lines[at + 1] !== undefined;
    open = goesOn ? from : null;
    if (!goesOn && from <= end) commands.push({ text: text.slice(from, end), range: { start: from, end } });
  }
  return commands;
}
