import type { Acted } from '../refresh/act.ts';
import type { Changes, RefreshResult } from '../refresh/report.ts';
import { append } from '../shared/append.ts';
import { megabytes } from '../shared/byte-size.ts';
import { UserError } from '../shared/failure.ts';
import { indented, joinShown, type Shown, show, showLines, styled } from '../words/terminal.ts';
import { row } from './show-result.ts';

const COLOURS = {
  made: 'green',
  redone: 'green',
  planned: 'cyan',
  current: 'green',
  skipped: 'yellow',
  failed: 'red',
} as const;

/** The width of the column of labels. */
const DETAIL_MARGIN = ' '.repeat(12);

/** The text shows so many names, and the number of the rest. */
const MAX_NAMES = 10;

/** The outcome of a refreshed entry. Ends without a line break. */
export function showRefresh({ result, error }: Acted): Shown {
  const { entry, status, made, code, reason, changes, written } = result;
  const to = made === null ? '' : ` → ${made}`;
  const lines = [show`${styled('bold', entry)}  ${styled(COLOURS[status], status)}${to}`];
  if (reason !== null) lines.push(row(code ?? '', reason));
  if (error instanceof UserError && error.hint !== null) lines.push(row('hint', error.hint));
  if (error instanceof UserError && error.detail !== null)
    lines.push(indented(showLines(error.detail), DETAIL_MARGIN));
  else if (error instanceof Error && !(error instanceof UserError))
    lines.push(showLines(error.stack ?? error.message));
  append(lines, basesText(result));
  if (changes !== null) append(lines, changesText(changes));
  if (written.length > 0) lines.push(row('written', written.join(', ')));
  return joinShown(lines, '\n');
}

/** Newer tags; the reason of a current entry contains them already. */
function basesText({ status, bases }: RefreshResult): Shown[] {
  if (status === 'current') return [];
  return bases.flatMap(({ reference, newer, beyond }) => {
    const tag = newer ?? beyond;
    if (tag === null) return [];
    return [row('newer', `${reference}: ${tag}${newer === null ? ', beyond the policy' : ''}`)];
  });
}

function changesText({ files, before, after, packages }: Changes): Shown[] {
  const lines: Shown[] = [];
  if (before !== null && after !== null)
    lines.push(row('size', `${megabytes(before.bytes)} → ${megabytes(after.bytes)}`));
  if (files !== null) {
    lines.push(row('files in', names(files.added)), row('files out', names(files.removed)));
  }
  if (packages !== null) {
    const changed = packages.changed.map(({ name, from, to }) => `${name} ${from} → ${to}`);
    const added = packages.added.map((name) => `+${name}`);
    const removed = packages.removed.map((name) => `-${name}`);
    lines.push(row('packages', names([...changed, ...added, ...removed])));
  }
  return lines;
}

function names(all: readonly string[]): string {
  if (all.length === 0) return 'none';
  const shown = all.slice(0, MAX_NAMES).join(', ');
  return all.length > MAX_NAMES ? `${shown} and ${all.length - MAX_NAMES} more` : shown;
}
