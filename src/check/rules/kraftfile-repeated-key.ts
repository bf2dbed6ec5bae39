import type { SourceFile, TextRange } from '../../shared/diagnostic.ts';
import type { Edit } from '../finding.ts';
import { lineAt } from '../house-text.ts';
import { readerWarnings } from '../reader-warnings.ts';
import type { Rule } from '../rule.ts';

export const kraftfileRepeatedKey: Rule = {
  code: 'kraftfile-repeated-key',
  severity: 'warning',
  about: 'A key below the top level that occurs twice with the same value.',
  of: 'kraftfile',
  check: (kraftfile) =>
    readerWarnings(kraftfile, 'kraftfile-repeated-key').map((problem) => ({
      ...problem,
      edits: problem.range === null ? [] : withoutLine(kraftfile.source, problem.range),
    })),
};

/** The second of two equal keys goes, if it is alone on its line and has no comment. */
function withoutLine({ file, text }: SourceFile, key: TextRange): Edit[] {
  const line = lineAt(text, key.start);
  const isAlone = /^[ \t]*$/.test(text.slice(line.start, key.start));
  const value = text.slice(key.end, line.end);
  const isSimple = /^['"]?[ \t]*:[ \t]*[^\s#&*|>{[][^#&]*$/.test(value) && line.next > line.end;
  return isAlone && isSimple ? [{ file, range: { start: line.start, end: line.next }, replacement: '' }] : [];
}
