import { type CheckOptions, type CheckReport, runCheck } from '../check/run-check.ts';

/** Checks, and writes the fixed files. */
export async function checkCommand(
  paths: readonly string[],
  { force, ...options }: CheckOptions & { readonly force: boolean },
): Promise<CheckReport> {
  const report = await runCheck(paths, options);
  if (report.mended.length > 0) {
    const { writeMended } = await import('../slim/write-mended.ts');
    await writeMended(report.root, report.mended, { force });
  }
  return report;
}
