import type { KraftfileWarningCode } from '../kraftfile/kraftfile.ts';
import type { EntryKraftfile } from './entry.ts';
import type { RuleFault } from './finding.ts';

/** What the reader of Kraftfiles warns of under one code. */
export function readerWarnings(
  { source, kraftfile }: EntryKraftfile,
  code: KraftfileWarningCode,
): RuleFault[] {
  const warnings = kraftfile?.warnings.filter((warning) => warning.code === code) ?? [];
  return warnings.map(({ message, range }) => ({ file: source.file, range, message }));
}
