import { type ErrorCode, UserError, type UserErrorOptions } from './failure.ts';
import { lineAt, lineStarts, textOfLine } from './lines.ts';

/** A place in a user's text file; line and column count from 1, the column in UTF-16 units. */
export type Place = { readonly line: number; readonly column: number };

/** A part of a text: offsets in UTF-16 units, the end excluded. */
export type TextRange = { readonly start: number; readonly end: number };

/** A mistake in a user's file, and where. The message is lower-case and has no full stop. */
export type Diagnostic = { readonly message: string; readonly range: TextRange };

/** A user's file: how messages name it, and its whole text, byte order mark included. */
export type SourceFile = { readonly file: string; readonly text: string };

/** The mistakes of one file. */
export type Mistakes = { readonly source: SourceFile; readonly diagnostics: readonly Diagnostic[] };

/** The error of mistakes in files; who wants to show them otherwise takes them from it. */
export class MistakesError extends UserError {
  readonly mistakes: readonly Mistakes[];

  constructor(
    code: ErrorCode,
    message: string,
    options: UserErrorOptions & { readonly mistakes: readonly Mistakes[] },
  ) {
    super(code, message, options);
    this.mistakes = options.mistakes;
  }
}

/** A file with more mistakes than this shows the first of them and counts the rest. */
const MAX_SHOWN = 20;

/**
 * One error for all mistakes of one or more files: the message names the first, `detail` shows each with file,
 * line, column, the line itself and a caret.
 */
export function mistakesError(
  code: ErrorCode,
  mistakes: readonly Mistakes[],
  options: { readonly hint?: string } = {},
): MistakesError {
  const all = mistakes.flatMap(({ source, diagnostics }) =>
    diagnostics.map((diagnostic) => ({ source, diagnostic })),
  );
  const shown = all.slice(0, MAX_SHOWN).map((item) => showDiagnostic(item.source, item.diagnostic));
  if (all.length > MAX_SHOWN) shown.push(`and ${all.length - MAX_SHOWN} more`);
  const first = all[0];
  const why = first === undefined ? 'it is invalid' : first.diagnostic.message;
  const rest = all.length > 1 ? ` (and ${all.length - 1} more)` : '';
  const message = `cannot read ${first?.source.file ?? 'the file'}: ${why}${rest}`;
  return new MistakesError(code, message, { ...options, mistakes, detail: shown.join('\n\n') });
}

/** A mistake as people see it: `FILE:LINE:COLUMN: message`, then the line and a caret. */
export function showDiagnostic(source: SourceFile, diagnostic: Diagnostic): string {
  const place = placeIn(source.text, diagnostic.range.start);
  const [head, ...lines] = showPlace(source.file, source.text.replace(/^\ufeff/, ''), place).split('\n');
  return [`${head}: ${diagnostic.message}`, ...lines].join('\n');
}

/** Line and column of an offset as an editor counts them: a byte order mark is no column. */
export function placeIn(text: string, offset: number): Place {
  const at = Math.max(0, Math.min(offset, text.length));
  const index = lineAt(text, at);
  const lineStart = lineStarts(text)[index] as number;
  const line = index + 1;
  const mark = line === 1 && at > 0 && text.startsWith('\ufeff') ? 1 : 0;
  return { line, column: at - lineStart - mark + 1 };
}

/**
 * The line at a place with a caret below it, for messages about a user's file:
 *
 *     Kraftfile:3:7
 *       3 | cmd: [1
 *         |       ^
 */
export function showPlace(file: string, text: string, place: Place): string {
  const source = textOfLine(text, place.line - 1).replace(/\r$/, '');
  const number = String(place.line);
  const gutter = ' '.repeat(number.length);
  const indent = source.slice(0, place.column - 1).replace(/[^\t]/g, ' ');
  return [
    `${file}:${place.line}:${place.column}`,
    `  ${number} | ${source}`,
    `  ${gutter} | ${indent}^`,
  ].join('\n');
}
