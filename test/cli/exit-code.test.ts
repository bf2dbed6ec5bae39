import { describe, expect, test } from 'vitest';
import { EXIT, type ExitCode, exitCodeOf } from '../../src/cli/exit-code.ts';
import { FAILURE_CODES, type FailureCode } from '../../src/shared/failure.ts';
import { reportOf } from '../support/reports.ts';

const failed = (code: FailureCode) => reportOf({ status: 'failed', code });
const DONE = [
  reportOf({ status: 'slimmed' }),
  reportOf({ status: 'unchanged' }),
  reportOf({ status: 'skipped', code: 'no-dockerfile' }),
];
const exitCode = (...reports: Parameters<typeof exitCodeOf>[0]) =>
  exitCodeOf(reports, { exitCodeOnChange: false });

/** The exit codes of the README: of a single entry, and among several. */
const TABLE: Readonly<Record<FailureCode, readonly [alone: ExitCode, amongSeveral: ExitCode]>> = {
  'kraftfile-missing': [2, 1],
  'kraftfile-ambiguous': [2, 1],
  'kraftfile-invalid': [2, 1],
  'config-invalid': [2, 1],
  'rootfs-missing': [2, 1],
  'dockerfile-invalid': [2, 1],
  'build-failed': [2, 1],
  'cmd-not-found': [2, 1],
  'not-started': [2, 1],
  'workload-failed': [2, 1],
  'baseline-unstable': [1, 1],
  'verify-failed': [1, 1],
  'boot-failed': [1, 1],
  'too-big': [1, 1],
  refused: [2, 1],
  'limit-exceeded': [2, 1],
  'disk-full': [2, 1],
  'engine-absent': [2, 1],
  'engine-refused': [2, 1],
  'would-overwrite': [2, 1],
  timeout: [2, 1],
  interrupted: [130, 130],
  internal: [3, 3],
};

describe('the exit code of a failure', () => {
  test.each(FAILURE_CODES)('%s', (code) => {
    const [alone, amongSeveral] = TABLE[code];
    expect(exitCode(failed(code))).toBe(alone);
    for (const other of DONE) {
      expect(exitCode(failed(code), other)).toBe(amongSeveral);
      expect(exitCode(other, failed(code))).toBe(amongSeveral);
    }
  });
});

describe('among several failures', () => {
  test('a defect of ours counts most, but for an interruption', () => {
    expect(exitCode(failed('build-failed'), failed('internal'))).toBe(EXIT.internal);
    expect(exitCode(failed('internal'), failed('interrupted'))).toBe(EXIT.interrupted);
  });

  test('two that the user can fix are a finding', () => {
    expect(exitCode(failed('build-failed'), failed('kraftfile-missing'))).toBe(EXIT.finding);
  });
});

describe('what is done', () => {
  test('exits with 0, be it slimmed, unchanged or skipped', () => {
    expect(exitCode(...DONE)).toBe(0);
    for (const report of DONE) expect(exitCode(report)).toBe(0);
  });

  test('exits with 1 where something would change and that was asked for', () => {
    const changes = [{ name: 'Dockerfile', before: 'a', after: 'b' }];
    const would = reportOf({ status: 'slimmed' }, { changes });
    expect(exitCodeOf([would], { exitCodeOnChange: true })).toBe(1);
    expect(exitCodeOf([...DONE, would], { exitCodeOnChange: true })).toBe(1);
    expect(exitCodeOf([would], { exitCodeOnChange: false })).toBe(0);
    expect(exitCodeOf(DONE, { exitCodeOnChange: true })).toBe(0);
  });
});
