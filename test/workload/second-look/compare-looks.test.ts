import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/workload/probe.ts';
import { answeredAlike, differencesOfLooks } from '../../../src/workload/second-look/compare-looks.ts';
import type { Looked } from '../../../src/workload/second-look/look.ts';

const answered = (title: string, text: string | null): Looked => {
  const answer: Answer =
    text === null ? { status: null, text, fault: 'no answer in time' } : { status: null, text, fault: null };
  return {
    look: { title, before: null, probe: { kind: 'tcp', port: 80, send: title, expect: null } },
    answer,
  };
};

const titles = (looked: readonly Looked[]) => looked.map(({ look }) => look.title);

describe('a case counts', () => {
  test('where two runs answer it alike, times aside', () => {
    const first = [answered('same', 'a'), answered('other', 'a'), answered('time', 'at 2026-11-24 14:00:00')];
    const second = [
      answered('same', 'a'),
      answered('other', 'b'),
      answered('time', 'at 2026-11-24 15:01:02'),
    ];
    expect(titles(answeredAlike(first, second))).toEqual(['same', 'time']);
  });

  test('only where there is an answer', () => {
    for (const [first, second] of [
      [null, null],
      [null, ''],
      ['', null],
    ] as const) {
      expect(answeredAlike([answered('dumb', first)], [answered('dumb', second)])).toEqual([]);
    }
  });

  test('only where both runs came so far', () => {
    expect(titles(answeredAlike([answered('a', '1'), answered('b', '2')], [answered('a', '1')]))).toEqual([
      'a',
    ]);
  });
});

describe('a result differs', () => {
  const expected = [answered('page', 'missing page'), answered('reset', 'hello')];

  test('in nothing, where it answers all that counts', () => {
    expect(differencesOfLooks(expected, [...expected, answered('more', 'x')])).toEqual([]);
  });

  test.each<[string, readonly Looked[], string]>([
    [
      'answers otherwise',
      [answered('page', 'no such file')],
      '"no such file" came, but the baseline has "missing page"',
    ],
    ['does not answer in time', [answered('page', null)], 'no answer in time'],
    ['has died before', [], 'the app did not answer any more'],
  ])('where it %s', (_, seen, why) => {
    expect(differencesOfLooks(expected, [...seen, answered('reset', 'hello')])).toEqual([
      { title: 'page', why },
    ]);
  });

  test('and the message shows the first line that does', () => {
    const long = Array.from({ length: 100 }, (_, at) => `line ${at}`);
    const why = differencesOfLooks(
      [answered('page', [...long, 'old'].join('\n'))],
      [answered('page', [...long, 'new'].join('\n'))],
    );
    expect(why).toEqual([{ title: 'page', why: '"new" came, but the baseline has "old"' }]);
    const shorter = differencesOfLooks([answered('page', 'a\nb')], [answered('page', 'a')]);
    expect(shorter).toEqual([{ title: 'page', why: '"" came, but the baseline has "b"' }]);
  });
});
