import { describe, expect, test } from 'vitest';
import { baselineText, withoutKnown } from '../../src/check/baseline.ts';
import type { Finding } from '../../src/check/finding.ts';
import { fingerprintOf } from '../../src/check/fingerprint.ts';

const TEXT = 'FROM alpine AS build\nFROM scratch\nCOPY --from=build /a /a\nCOPY --from=build /a /a\n';
const at = (line: number, text = TEXT): Finding => ({
  code: 'copy-twice',
  severity: 'warning',
  entry: 'examples/a',
  file: 'examples/a/Dockerfile',
  place: { line, column: 1 },
  message: `line ${line}`,
  edits: [],
  source: { file: 'examples/a/Dockerfile', text },
});
const whole = (message: string): Finding => ({ ...at(1), source: null, message });
const baselineOf = (...findings: Finding[]) => {
  const { findings: stored } = JSON.parse(baselineText(findings));
  return new Map<string, number>(
    stored.map(({ fingerprint, count }: { fingerprint: string; count: number }) => [fingerprint, count]),
  );
};

describe('a fingerprint', () => {
  test('stays where the line moves, its white space changes, or the level and the message do', () => {
    const moved = at(5, `# comment\n\n${TEXT}`.replace('COPY --from', ' COPY  --from'));
    expect(fingerprintOf({ ...moved, severity: 'note', message: 'other words' })).toBe(fingerprintOf(at(3)));
  });

  test('differs with the line, the file and the code', () => {
    const prints = [
      at(1),
      at(2),
      at(3),
      { ...at(3), file: 'examples/b/Dockerfile' },
      { ...at(3), code: 'x' },
    ];
    expect(new Set(prints.map(fingerprintOf)).size).toBe(5);
  });

  test('of a whole file is that of its message', () => {
    expect(fingerprintOf(whole('a'))).not.toBe(fingerprintOf(whole('b')));
    expect(fingerprintOf(whole('a'))).not.toBe(fingerprintOf({ ...at(1, 'a\n'), message: 'a' }));
  });
});

describe('a baseline', () => {
  test('leaves out what it contains, as often as it contains it', () => {
    const baseline = baselineOf(at(3), whole('a'));
    expect(withoutKnown([at(3), at(4), whole('b')], baseline)).toEqual({
      findings: [at(4), whole('b')],
      known: 1,
      gone: 1,
    });
    expect(withoutKnown([at(3), at(4)], baselineOf(at(3), at(4)))).toEqual({
      findings: [],
      known: 2,
      gone: 0,
    });
  });

  test('has a line for each finding, in the order of files, whatever the order of the findings', () => {
    const findings = [whole('a'), at(3), at(4), { ...at(1), file: 'a' }];
    const text = baselineText(findings);
    expect(text).toBe(baselineText([...findings].reverse()));
    const lines = text.split('\n').filter((line) => line.startsWith('    {'));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('"file":"a"');
    expect(JSON.parse(baselineText([]))).toEqual({ schema: 'kraft-slim/baseline/1', findings: [] });
  });
});
