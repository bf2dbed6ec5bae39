import { readBaseline, writeBaseline } from '../check/baseline.ts';
import { type CheckOptions, type CheckReport, runCheck } from '../check/run-check.ts';

type CheckCall = Omit<CheckOptions, 'baseline'> & {
  readonly force: boolean;
  /** Files that the user names; null for none. */
  readonly baseline: string | null;
  readonly writeBaseline: string | null;
};

/** Checks, and writes the fixed files; with `writeBaseline`, every finding becomes a known one. */
export async function checkCommand(
  paths: readonly string[],
  { force, baseline, writeBaseline: baselineToWrite, ...options }: CheckCall,
): Promise<CheckReport> {
  const known = baseline === null ? null : readBaseline(baseline);
  const report = await runCheck(paths, { ...options, baseline: known });
  if (report.fixed.length > 0) {
    const { writeFixed } = await import('../slim/write/write-fixed.ts');
    await writeFixed(report.root, report.fixed, { force });
  }
  if (baselineToWrite === null) return report;
  writeBaseline(baselineToWrite, report.findings);
  return { ...report, findings: [], known: report.findings.length };
}
