import type { SourceFile } from '../shared/diagnostic.ts';
import type { Edit } from './finding.ts';

/** The edit that adds lines at the end of a file, or makes the file of them. */
export function addedLines(file: string, source: SourceFile | null, lines: readonly string[]): Edit {
  const text = source?.text ?? '';
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const isWhole = text === '' || text.endsWith('\n');
  const replacement = `${isWhole ? '' : newline}${lines.map((line) => `${line}${newline}`).join('')}`;
  return { file, range: { start: text.length, end: text.length }, replacement };
}
