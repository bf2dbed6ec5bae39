import { readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/check/rules.ts';
import { type CheckReport, runCheck } from '../../src/check/run-check.ts';
import { drawSome } from '../support/samples.ts';
import { CLEAN } from './clean-catalog.ts';
import { folderWith, writeBelow } from './folder.ts';
import { PLANTED } from './planted.ts';

const ALL = { only: [], skip: [], fix: false };

/** Writes what is fixed, as the command does it. */
async function fix(path: string): Promise<CheckReport> {
  const report = await runCheck([path], { ...ALL, fix: true });
  for (const { name, after } of report.fixed) await writeBelow(path, name, after);
  return report;
}

const LEFT = PLANTED.filter(({ mends }) => !mends);

const codesOf = ({ findings }: CheckReport) => [...new Set(findings.map(({ code }) => code))].sort();

test('in a clean catalog nothing is found, and nothing to fix', async () => {
  await using folder = await folderWith({});
  expect(await runCheck([folder.path], { ...ALL, fix: true })).toEqual({
    root: folder.path,
    findings: [],
    fixed: [],
    known: 0,
    gone: 0,
  });
});

describe('a planted fault is found where it is:', () => {
  test.each(PLANTED)('$code, $name', async ({ code, files, at, message, mends, also = [] }) => {
    await using folder = await folderWith(files);
    const report = await runCheck([folder.path], ALL);
    expect(codesOf(report)).toEqual([code, ...also].sort());
    const found = report.findings.filter((finding) => finding.code === code);
    expect(found.map(({ file, place }) => `${file}:${place.line}:${place.column}`)).toEqual(at);
    for (const finding of found) {
      expect(finding.message).toMatch(message);
      expect(finding.edits.length > 0).toBe(mends);
    }
  });
});

describe('what can be fixed is:', () => {
  test.each(PLANTED.filter(({ mends }) => mends))('$code, $name', async ({ files }) => {
    await using folder = await folderWith(files);
    expect((await fix(folder.path)).fixed).not.toEqual([]);
    expect(await runCheck([folder.path], { ...ALL, fix: true })).toMatchObject({ findings: [], fixed: [] });
  });

  test.each(drawSome(LEFT, { ci: 20, soak: LEFT.length }))(
    '$code, $name, is left alone',
    async ({ code, files }) => {
      await using folder = await folderWith(files);
      expect(codesOf(await runCheck([folder.path], { ...ALL, only: [code], fix: true }))).toEqual([code]);
      expect((await runCheck([folder.path], { ...ALL, only: [code], fix: true })).fixed).toEqual([]);
    },
  );

  test('all in one catalog at once, several in one file, and a second time changes nothing', async () => {
    const all: Record<string, string> = {};
    for (const { files } of PLANTED.filter(({ mends }) => mends)) {
      for (const [name, change] of Object.entries(files)) {
        const before = all[name] ?? (CLEAN[name] as string);
        try {
          all[name] = typeof change === 'function' ? change(before) : (change ?? before);
        } catch {
          // an earlier fault has changed the very place
        }
      }
    }
    await using folder = await folderWith(all);
    const before = await runCheck([folder.path], ALL);
    expect(before.findings.filter(({ edits }) => edits.length > 0).length).toBeGreaterThan(20);
    const fixed = await fix(folder.path);
    expect(fixed.fixed.length).toBeGreaterThan(5);
    expect(fixed.findings.filter(({ edits }) => edits.length > 0)).toEqual([]);
    expect((await fix(folder.path)).fixed).toEqual([]);
  });
});

test('a link of the build context is reported where it leads nowhere, or to a stream', async () => {
  await using folder = await folderWith({
    'examples/helloworld-gcc13.2/Dockerfile': (text) => `${text}COPY ./gone ./themes /etc/\n`,
  });
  const entry = join(folder.path, 'examples/helloworld-gcc13.2');
  await symlink('nowhere', join(entry, 'gone'));
  await symlink('/dev/stdout', join(entry, 'themes/log'));
  const { findings } = await runCheck([entry], ALL);
  expect(findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'dev-link: themes/log of the build context is a link to /dev/stdout: configure the app to log to a file, or directly to its standard output',
    'copy-source-missing: cannot COPY ./gone: it is a link to a missing file of the build context',
  ]);
});

describe('the list of rules', () => {
  test('has each code once, and a planted fault for each', () => {
    const codes = RULES.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.length).toBeGreaterThan(25);
    expect([...new Set(PLANTED.map(({ code }) => code))].sort()).toEqual([...codes].sort());
  });

  test('is that of docs/checks.md', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/checks.md'), 'utf8');
    const rows = text.split('\n').filter((line) => line.startsWith('| `'));
    const mends = new Set(PLANTED.filter((planted) => planted.mends).map(({ code }) => code));
    expect(rows).toEqual(
      RULES.map(({ code, severity, about }) => {
        return `| \`${code}\` | ${severity} | ${mends.has(code) ? 'yes' : ''} | ${about} |`;
      }),
    );
  });
});
