import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { showDiff, showResult } from '../../src/cli/show-result.ts';
import { UserError } from '../../src/shared/failure.ts';
import type { EntryReport } from '../../src/slim/run-entry.ts';
import { reportOf } from '../support/reports.ts';

const shown = (report: EntryReport) => stripVTControlCharacters(String(showResult(report))).split('\n');
const http = { kind: 'http', passed: true } as const;

test('a slimmed entry is read at a glance', () => {
  const report = reportOf({
    entry: 'library/nginx/1.22',
    status: 'slimmed',
    promise: 'runtime',
    verified: true,
    before: { files: 9123, bytes: 170_000_000 },
    after: { files: 41, bytes: 9_800_000 },
    stages: [
      { name: 'static', files: 12, bytes: 900_000, passed: false, seconds: 0.1 },
      { name: 'dynamic', files: 41, bytes: 9_800_000, passed: true, seconds: 0.9 },
      { name: 'search', files: null, bytes: null, passed: null, seconds: 0 },
    ],
    workload: { source: 'readme', probes: [http, { kind: 'tcp', passed: false }] },
    secondLook: { cases: 16, same: 15 },
    memory: { initramfsBytes: 9_990_204, suggestedMiB: 64 },
    warnings: [{ code: 'kernel-files', message: 'the app reads /proc/x' }],
    written: ['Kraftfile', 'Dockerfile'],
    seconds: { total: 6.1, build: 2, baseline: 0.6, trace: 0.9, search: 0, verify: 1.4 },
  });
  expect(shown(report)).toEqual([
    'library/nginx/1.22  slimmed  170.0 MB in 9123 files → 9.8 MB in 41 files (5.8 %)',
    '  static    12 files, 0.90 MB, not enough alone',
    '  dynamic   41 files, 9.8 MB, enough alone',
    '  promise   runtime: the whole interface of the runtime, since other entries build on it',
    '  probes    http passed, tcp failed (from the readme)',
    '  look      15 of 16 other uses are answered as by the full root file system',
    '  memory    initramfs of 10.0 MB, run with -M 64M',
    '  warning   kernel-files: the app reads /proc/x',
    '  written   Kraftfile, Dockerfile',
    '  time      6.1 s',
  ]);
});

test('what each rule of the promise costs is one line', () => {
  const promised = [
    { rule: 'server-package', bytes: 2_400_000 },
    { rule: 'time-zones', bytes: 310_000 },
  ];
  const report = { ...reportOf({ status: 'slimmed', promise: 'app', verified: true }), promised };
  const lines = shown(report);
  const at = lines.findIndex((line) => line.startsWith('  promise '));
  expect(lines[at + 1]).toBe('            server-package 2.4 MB, time-zones 0.31 MB');
});

test.each([
  ['workload', 'what the probes need; any other use of the app may miss a file'],
  ['app', 'the app with all that its author put in'],
] as const)('the promise %s of a verified entry is explained', (promise, text) => {
  expect(shown(reportOf({ status: 'slimmed', verified: true, promise }))).toContain(
    `  promise   ${promise}: ${text}`,
  );
  expect(shown(reportOf({ status: 'failed', promise })).join('\n')).not.toContain('promise');
});

test('an entry that was never slimmed shows what it has', () => {
  const workload = { source: 'derived', probes: [http] } as const;
  expect(shown(reportOf({ status: 'unchanged', after: { files: 3, bytes: 0 }, workload }))).toEqual([
    'library/a  unchanged  0.00 MB in 3 files',
    '  probes    http passed (derived from the running app)',
    '  time      0 s',
  ]);
});

describe('an entry that did not come to an end', () => {
  test('shows the reason, what it is about and the fix', () => {
    const error = new UserError('kraftfile-invalid', 'cannot read Kraftfile: bad', {
      hint: 'fix it',
      detail: 'Kraftfile:3:7\n  3 | cmd: [1',
    });
    const report = reportOf(
      { status: 'failed', code: error.code as 'kraftfile-invalid', reason: error.message },
      { error },
    );
    expect(shown(report)).toEqual([
      'library/a  failed',
      '  kraftfile-invalid cannot read Kraftfile: bad',
      '            Kraftfile:3:7',
      '              3 | cmd: [1',
      '  hint      fix it',
      '  time      0 s',
    ]);
  });

  test('by a defect of ours shows the stack and asks for a report', () => {
    const error = new TypeError('x is not a function');
    const text = shown(
      reportOf({ status: 'failed', code: 'internal', reason: error.message }, { error }),
    ).join('\n');
    expect(text).toContain(error.stack);
    expect(text).toContain('This is a bug in kraft-slim. Please report it');
  });

  test('since it is not for this tool shows why', () => {
    const report = reportOf({
      status: 'skipped',
      code: 'no-dockerfile',
      reason: 'the Kraftfile names no rootfs',
    });
    expect(shown(report)[1]).toBe('  no-dockerfile the Kraftfile names no rootfs');
  });
});

describe('a diff', () => {
  const change = { name: 'Dockerfile', before: 'FROM a\nRUN b\n', after: 'FROM a\nRUN c\n' };

  test('names the file from the catalog root, so that git apply takes it there', () => {
    expect(String(showDiff('library/a', [change]))).toBe(
      [
        '--- a/library/a/Dockerfile',
        '+++ b/library/a/Dockerfile',
        '@@ -1,2 +1,2 @@',
        ' FROM a',
        '-RUN b',
        '+RUN c',
        '',
      ].join('\n'),
    );
  });

  test('of an entry that is the root itself, and of several files', () => {
    const text = showDiff('.', [change, { ...change, name: 'Kraftfile' }]);
    expect(String(text).match(/^[-+]{3} .*/gm)).toEqual([
      '--- a/Dockerfile',
      '+++ b/Dockerfile',
      '--- a/Kraftfile',
      '+++ b/Kraftfile',
    ]);
  });

  test('of a file that is made, and of one that is removed, is taken by git apply, too', () => {
    const made = { name: 'rootfs.list', before: null, after: '/a\n' };
    const gone = { name: 'old.list', before: '/b\n', after: null };
    expect(String(showDiff('.', [made, gone]))).toBe(
      [
        ['--- /dev/null', '+++ b/rootfs.list', '@@ -0,0 +1,1 @@', '+/a', ''],
        ['--- a/old.list', '+++ /dev/null', '@@ -1,1 +0,0 @@', '-/b', ''],
      ]
        .map((lines) => lines.join('\n'))
        .join(''),
    );
  });
});
