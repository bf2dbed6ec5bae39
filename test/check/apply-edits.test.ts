import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdits } from '../../src/check/apply-edits.ts';
import type { Finding } from '../../src/check/finding.ts';

const finding = (...edits: Finding['edits']): Finding => ({
  code: 'x',
  severity: 'note',
  entry: '.',
  file: 'a',
  place: { line: 1, column: 1 },
  message: 'x',
  edits,
  source: null,
});
const edit = (start: number, end: number, replacement: string, file = 'a') => ({
  file,
  range: { start, end },
  replacement,
});

test('edits of several findings go into one text', () => {
  const findings = [finding(edit(0, 1, 'A'), edit(4, 5, 'E')), finding(edit(2, 3, ''))];
  expect(applyEdits(findings, () => 'abcde')).toEqual(new Map([['a', 'AbdE']]));
});

test.each([
  ['overlaps', edit(1, 4, 'x')],
  ['touches', edit(2, 3, 'x')],
  ['is an insertion at the same place', edit(2, 2, 'x')],
])('an edit that %s one that was taken waits for the next round', (_, second) => {
  const first = edit(1, 2, 'B');
  expect(applyEdits([finding(first), finding(second)], () => 'abcde').get('a')).toBe('aBcde');
});

test('all edits of a finding are applied or none, in any files', () => {
  const findings = [finding(edit(1, 2, 'B')), finding(edit(1, 2, 'x'), edit(0, 0, 'new', 'b'))];
  expect(applyEdits(findings, () => 'abc')).toEqual(new Map([['a', 'aBc']]));
});

test('a file that is not there is made', () => {
  expect(applyEdits([finding(edit(0, 0, 'new\n', 'b'))], () => '')).toEqual(new Map([['b', 'new\n']]));
});

test('whatever the edits are, what no finding touches stays in its order', () => {
  const edits = fc.array(
    fc.tuple(fc.nat(60), fc.nat(5)).map(([start, length]) => finding(edit(start, start + length, '!'))),
  );
  fc.assert(
    fc.property(edits, (findings) => {
      const text = Array.from({ length: 70 }, (_, at) => String.fromCharCode(0x4e00 + at)).join('');
      const result = applyEdits(findings, () => text).get('a') ?? text;
      const kept = result.replaceAll('!', '');
      expect([...kept].every((char, at) => at === 0 || char > (kept[at - 1] ?? ''))).toBe(true);
      expect(findings.length === 0 || result.includes('!')).toBe(true);
    }),
  );
});
