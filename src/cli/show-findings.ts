import type { Finding, Severity } from '../check/finding.ts';
import type { CheckReport } from '../check/run-check.ts';
import { showPlace } from '../shared/diagnostic.ts';
import { groupBy } from '../shared/group-by.ts';
import { joinShown, type Shown, show, styled } from '../words/terminal.ts';

const COLOURS = { error: 'red', warning: 'yellow', note: 'cyan' } as const;

/**
 * Findings for people: file by file, each with its line and a caret, and their number at the end. Without `notes`,
 * notes appear only in that number.
 */
export function showFindings(
  { findings, fixed, known, gone }: Omit<CheckReport, 'root'>,
  { notes }: { readonly notes: boolean },
): Shown {
  const shown = findings.filter(({ severity }) => notes || severity !== 'note');
  const blocks = [...groupBy(shown, ({ file }) => file)].map(([file, some]) =>
    joinShown([styled('bold', file), ...some.map(showFinding)], '\n'),
  );
  if (fixed.length > 0) blocks.push(show`fixed ${fixed.map(({ name }) => name).join(', ')}`);
  const lines = [summary(findings, { notes }), ...baselineLines({ known, gone })];
  return joinShown([...blocks, joinShown(lines, '\n')], '\n\n');
}

function baselineLines({ known, gone }: Pick<CheckReport, 'known' | 'gone'>): string[] {
  const left = known === 0 ? [] : [`the baseline contains ${known} more`];
  if (gone === null || gone === 0) return left;
  const what = gone === 1 ? '1 finding of the baseline is' : `${gone} findings of the baseline are`;
  return [...left, `${what} gone: --write-baseline writes it again`];
}

function showFinding({ code, severity, place, message, source }: Finding): Shown {
  const at = source === null ? '' : `${place.line}:${place.column} `;
  const head = show`  ${at}${styled(COLOURS[severity], severity)} ${code}: ${message}`;
  return source === null ? head : joinShown([head, ...excerpt(source.text, place)], '\n');
}

/** An excerpt with a longer line, such as a row of a table, is left out. */
const MAX_WIDTH = 120;

function excerpt(text: string, place: Finding['place']): Shown[] {
  const lines = showPlace('', text.replace(/^\ufeff/, ''), place)
    .split('\n')
    .slice(1);
  return lines.some((line) => line.length > MAX_WIDTH) ? [] : lines.map((line) => show`  ${line}`);
}

function summary(findings: readonly Finding[], { notes }: { readonly notes: boolean }): string {
  if (findings.length === 0) return 'nothing found';
  const count = (severity: Severity, word: string) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`];
  };
  const folded = count('note', 'note').map((text) => (notes ? text : `${text} (--notes shows them)`));
  const counts = [...count('error', 'error'), ...count('warning', 'warning'), ...folded];
  const fixable = findings.filter(({ edits }) => edits.length > 0).length;
  return `${counts.join(', ')}${fixable === 0 ? '' : `; --fix fixes ${fixable}`}`;
}
