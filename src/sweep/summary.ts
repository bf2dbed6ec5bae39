import type { Result } from '../slim/result.ts';
import { codeCell } from '../words/markdown.ts';

/** What a summary says of a sweep as a whole. */
export type Totals = Readonly<Record<Result['status'], number>> & {
  readonly beforeBytes: number;
  readonly afterBytes: number;
  readonly seconds: number;
};

/** What GitHub takes for the summary of a step, in bytes. */
const MAX_BYTES = 1024 ** 2;

/**
 * A sweep in Markdown: the totals, then a row for every entry that was slimmed, failed or skipped; of those that are
 * unchanged the number alone. Rows beyond what GitHub takes are counted.
 */
export function markdownSummary(results: readonly Result[], totals: Totals, maxBytes = MAX_BYTES): string {
  const { slimmed, unchanged, skipped, failed, beforeBytes, afterBytes, seconds } = totals;
  const head = [
    '## kraft-slim',
    '',
    `${slimmed} slimmed, ${unchanged} unchanged, ${skipped} skipped, ${failed} failed; ${megabytes(beforeBytes)} → ${megabytes(afterBytes)} in ${Math.round(seconds)} s.`,
  ].join('\n');
  const shown = (['failed', 'slimmed', 'skipped'] as const).flatMap((status) =>
    results.filter((result) => result.status === status),
  );
  if (shown.length === 0) return `${head}\n`;
  const title = '| entry | status | before | after | files | what |\n|-|-|-:|-:|-:|-|';
  const rows: string[] = [];
  let bytes = Buffer.byteLength(head) + Buffer.byteLength(title) + 100;
  for (const row of shown.map(rowOf)) {
    bytes += Buffer.byteLength(row) + 1;
    if (bytes > maxBytes) break;
    rows.push(row);
  }
  const left = shown.length - rows.length;
  const rest = left === 0 ? '' : `\nand ${left} more.\n`;
  return `${head}\n\n${title}\n${rows.map((row) => `${row}\n`).join('')}${rest}`;
}

function rowOf({ entry, status, before, after, code, reason, warnings }: Result): string {
  const warned =
    warnings.length === 0 ? '' : warnings.map(({ code: warning }) => codeCell(warning)).join(', ');
  const what = code === null ? warned : `\`${code}\`: ${codeCell(reason ?? '')}`;
  const files = after === null ? '' : `${before === null ? '' : `${before.files} → `}${after.files}`;
  const cells = [codeCell(entry), status, sizeOf(before), sizeOf(after), files, what];
  return `| ${cells.join(' | ')} |`;
}

function sizeOf(size: Result['before']): string {
  return size === null ? '' : megabytes(size.bytes);
}

/** Bytes in megabytes of 10^6, as the catalog counts them. */
function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
