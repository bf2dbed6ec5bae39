import { createTwoFilesPatch } from 'diff';
import { megabytes } from '../shared/byte-size.ts';
import { UserError } from '../shared/failure.ts';
import type { FileChange } from '../slim/file-change.ts';
import type { Result, StageResult } from '../slim/result.ts';
import type { EntryReport } from '../slim/run-entry.ts';
import {
  type ForeignWord,
  indented,
  joinShown,
  type Shown,
  show,
  showLines,
  styled,
} from '../words/terminal.ts';
import { visible } from '../words/visible.ts';
import type { SweepDocument } from './documents.ts';
import { showVisit } from './show-visit.ts';

const COLOURS = { slimmed: 'green', unchanged: 'green', skipped: 'yellow', failed: 'red' } as const;

/** The outcome of an entry, in a few lines. Ends without a line break. */
export function showResult({ result, error, promised = [], visited }: EntryReport): Shown {
  const status = styled(COLOURS[result.status], result.status);
  const lines = [show`${styled('bold', result.entry)}  ${status}${sizes(result)}`];
  if (result.reason !== null) lines.push(row(result.code ?? '', result.reason));
  if (error instanceof UserError) {
    if (error.detail) lines.push(indented(showLines(error.detail), '            '));
    if (error.hint !== null) lines.push(row('hint', error.hint));
  } else if (error instanceof Error) lines.push(showLines(error.stack ?? error.message), REPORT);
  for (const stage of result.stages) if (stage.files !== null) lines.push(row(stage.name, stageText(stage)));
  if (result.promise !== null && result.verified)
    lines.push(row('promise', `${result.promise}: ${PROMISE_TEXT[result.promise]}`));
  if (promised.length > 0) lines.push(row('', promisedText(promised)));
  if (result.workload !== null) lines.push(row('probes', probesText(result.workload)));
  if (result.secondLook !== null) {
    const { cases, same } = result.secondLook;
    lines.push(row('look', `${same} of ${cases} other uses are answered as by the full root file system`));
  }
  if (result.memory !== null) {
    const { initramfsBytes, suggestedMiB } = result.memory;
    lines.push(row('memory', `initramfs of ${megabytes(initramfsBytes)}, run with -M ${suggestedMiB}M`));
  }
  for (const { code, message } of result.warnings)
    lines.push(row(styled('yellow', 'warning'), show`${code}: ${message}`));
  if (result.written.length > 0) lines.push(row('written', result.written.join(', ')));
  if (result.removed.length > 0) lines.push(row('removed', result.removed.join(', ')));
  lines.push(row('time', `${result.seconds.total} s`));
  if (visited !== undefined) lines.push(showVisit(visited));
  return joinShown(lines, '\n');
}

/** A sweep as a whole, in one line. */
export function showTotals(totals: SweepDocument['totals']): Shown {
  const { slimmed, unchanged, skipped, failed, beforeBytes, afterBytes, seconds } = totals;
  const counts = `${slimmed} slimmed, ${unchanged} unchanged, ${skipped} skipped, ${failed} failed`;
  return show`${counts}  ${megabytes(beforeBytes)} → ${megabytes(afterBytes)}  ${seconds} s`;
}

/** What each promise means to people. */
const PROMISE_TEXT = {
  app: 'the app with all that its author put in',
  runtime: 'the whole interface of the runtime, since other entries build on it',
  workload: 'what the probes need; any other use of the app may miss a file',
} as const;

const REPORT = show`This is a bug in kraft-slim. Please report it with the lines above.`;

/** The changes of files as one unified diff. */
export function showDiff(entry: string, changes: readonly FileChange[]): Shown {
  const patches = changes.map(({ name, before, after }) => {
    const path = visible(entry === '.' ? name : `${entry}/${name}`);
    const from = before === null ? '/dev/null' : `a/${path}`;
    const to = after === null ? '/dev/null' : `b/${path}`;
    const options = { context: 3 };
    const patch = createTwoFilesPatch(from, to, before ?? '', after ?? '', undefined, undefined, options);
    return showLines(patch.replace(/^=+\n/, ''));
  });
  return joinShown(patches, '');
}

function sizes({ before, after }: Result): string {
  if (after === null) return '';
  if (before === null) return `  ${megabytes(after.bytes)} in ${after.files} files`;
  const percent = ((100 * after.bytes) / Math.max(1, before.bytes)).toFixed(1);
  return `  ${megabytes(before.bytes)} in ${before.files} files → ${megabytes(after.bytes)} in ${after.files} files (${percent} %)`;
}

function stageText({ files, bytes, passed }: StageResult): string {
  const verdict = passed === null ? '' : passed ? ', enough alone' : ', not enough alone';
  return `${files} files, ${megabytes(bytes ?? 0)}${verdict}`;
}

/** Databases and packages beyond what the probes need. `drop` in kraft-slim.yaml takes paths of them away. */
function promisedText(promised: NonNullable<EntryReport['promised']>): string {
  return promised.map(({ rule, bytes }) => `${rule} ${megabytes(bytes)}`).join(', ');
}

const SOURCE_TEXT: Readonly<Record<NonNullable<Result['workload']>['source'], string>> = {
  config: 'from the config',
  readme: 'from the readme',
  test: 'from the test file',
  runconfig: 'from RunConfig.yaml',
  derived: 'derived from the running app',
};

function probesText({ source, probes }: NonNullable<Result['workload']>): string {
  const shown = probes.map(({ kind, passed }) => `${kind} ${passed ? 'passed' : 'failed'}`);
  return `${shown.join(', ')} (${SOURCE_TEXT[source]})`;
}

const LABEL_WIDTH = 10;

/** A line below the head: its label in the first column, its text in the second. */
export function row(label: ForeignWord, text: ForeignWord): Shown {
  const shown = show`${label}`;
  return show`  ${shown}${' '.repeat(Math.max(1, LABEL_WIDTH - shown.width))}${text}`;
}
