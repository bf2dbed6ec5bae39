import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AnswerTemplate,
  matchesTemplate,
  showTemplate,
  templateOf,
  widenTemplate,
} from '../../src/workload/answer-template.ts';

/** The template of the answers of several runs; null where they have none. */
const templateOfRuns = (first: string, ...others: readonly string[]): AnswerTemplate | null =>
  others.reduce<AnswerTemplate | null>(
    (template, text) => template && widenTemplate(template, text),
    templateOf(first),
  );

/** A page as haproxy's statistics: process, uptime, rates, and a table of servers. */
const stats = ({ pid = 7, seconds = 3, rows = 3, total = 10 } = {}) =>
  [
    '<h1>Statistics Report for pid HAProxy</h1>',
    `<b>pid = </b> ${pid} (process #1, nbproc = 1, nbthread = 2)<br>`,
    `<b>uptime = </b> 0d 0h00m${String(seconds).padStart(2, '0')}s; warnings = 0<br>`,
    `<b>system limits:</b> memmax = unlimited; ulimit-n = 1048576<br>`,
    ...Array.from(
      { length: rows },
      (_, at) => `<tr><td>server-${at}</td><td>UP</td><td>sessions: ${total + at}</td></tr>`,
    ),
    '<p>end of the report</p>',
  ].join('\n');

describe('two answers make a template', () => {
  test.each([
    ['a counter', 'hits 12 in all', 'hits 3 in all', 'hits <decimal> in all'],
    [
      'a number with groups of digits',
      'sent 980 bytes to it',
      'sent 1,234,567 bytes to it',
      'sent <decimal> bytes to it',
    ],
    [
      'a number whose groups are marked, as haproxy marks them',
      '<td class=x>980</td><td>in all of them</td>',
      '<td class=x><span class="rls">1</span><span class="rls">234</span>567</td><td>in all of them</td>',
      '<td class=x><decimal></td><td>in all of them</td>',
    ],
    [
      'a number with spaces that do not break',
      'sent 80 bytes to it',
      'sent 1\u00a0234&nbsp;567 bytes to it',
      'sent <decimal> bytes to it',
    ],
    ['a rate', 'load 0.25 now ok', 'load 12.5 now ok', 'load <decimal> now ok'],
    ['a number behind letters', 'see page3 of this', 'see page12 of this', 'see page<decimal> of this'],
    ['a duration', 'up since 0h00m03s here', 'up since 0h01m12s here', 'up since <duration> here'],
    ['another form of it', 'took 950ms in all', 'took 1.2s in all', 'took <duration> in all'],
    [
      'a UUID',
      'id 3f2a9c01-11aa-4bbb-8ccc-0123456789ab is new',
      'id aaaa9c01-22aa-4bbb-8ccc-0123456789ff is new',
      'id <uuid> is new',
    ],
    ['a digest', 'etag "5d41402abc4b2a76" for it', 'etag "a0b1402abc4b2a76" for it', 'etag "<hex>" for it'],
    [
      'a token',
      'set csrf=Zk3vQ9x0LmNo12Pq; for all',
      'set csrf=ab9vQ9x0LmNoZZPq; for all',
      'set csrf=<base64>; for all',
    ],
  ])('with a hole for %s', (_, first, second, shown) => {
    const template = templateOfRuns(first, second);
    expect(template === null ? null : showTemplate(template)).toBe(shown);
  });

  test('with a hole for a moment', () => {
    const template = templateOfRuns(
      'it is 2026-11-24T14:00:00Z and fine',
      'it is 2027-01-02T03:04:05Z and fine',
    );
    expect(template).not.toBeNull();
    expect(matchesTemplate(template ?? { lines: [] }, 'it is 2030-12-31T23:59:59Z and fine')).toBe(true);
  });

  test.each([
    ['lines differ in number', 'a\nb\nc', 'a\nb'],
    ['a word is another', 'hello brave old world', 'hello brave new world'],
    ['a word is more', 'one two three four', 'one two three'],
    ['a number becomes a word', 'found 3 rows in it', 'found no rows in it'],
    ['an id has another length', 'id abcdef12 is here now', 'id abcdef1234 is here now'],
    ['more than a third of the words are holes', '1 2 a b', '3 4 a b'],
    ['a letter is another', 'aaa bbb cccx', 'aaa bbb cccy'],
  ])('but none where %s', (_, first, second) => {
    expect(templateOfRuns(first, second)).toBeNull();
  });
});

describe.each([
  ['two runs', templateOfRuns(stats(), stats({ pid: 12, seconds: 9, total: 17 }))],
  [
    'three runs of which two share values',
    templateOfRuns(stats(), stats({ pid: 12 }), stats({ pid: 15, seconds: 9, total: 17 })),
  ],
])('a page of statistics of %s', (_, template) => {
  test('is the same page later', () => {
    expect(template).not.toBeNull();
    const later = stats({ pid: 99999, seconds: 59, total: 123456 });
    expect(template !== null && matchesTemplate(template, later)).toBe(true);
  });

  test.each([
    ['an error page', '<h1>503 Service Unavailable</h1>\nNo server is available to handle this request.'],
    ['nothing', ''],
    ['half of it', stats().slice(0, stats().length / 2)],
    ['a row less', stats({ rows: 2 })],
    ['an empty list', stats({ rows: 0 })],
    ['a row more', stats({ rows: 4 })],
    ['a server that is down', stats().replace('UP', 'DOWN')],
    ['a number that did not vary', stats().replace('1048576', '1024')],
    ['a number that is a word', stats().replace('sessions: 10', 'sessions: none')],
    ['a negative number', stats().replace('sessions: 10', 'sessions: -10')],
  ])('is not %s', (_, page) => {
    expect(template !== null && matchesTemplate(template, page)).toBe(false);
  });

  test('is none with any planted fault', () => {
    const good = stats({ pid: 3, seconds: 5, total: 20 });
    const lines = good.split('\n');
    const line = fc.nat({ max: lines.length - 1 });
    const fault = fc.oneof(
      line.map((at) => lines.filter((_, index) => index !== at)),
      line.map((at) => lines.slice(0, at)),
      line.map((at) => [...lines.slice(0, at), lines[at] as string, ...lines.slice(at)]),
      fc
        .tuple(line, fc.constantFrom('Error', '', 'null', 'Traceback (most recent call last):'))
        .map(([at, text]) => lines.map((before, index) => (index === at ? text : before))),
      // a word less
      line.map((at) =>
        lines.map((before, index) => (index === at ? before.split(' ').slice(1).join(' ') : before)),
      ),
    );
    fc.assert(
      fc.property(fault, (faulty) => {
        const text = faulty.join('\n');
        if (text !== good) expect(template !== null && matchesTemplate(template, text)).toBe(false);
      }),
    );
  });
});

describe('a value that two runs happen to share', () => {
  const first = 'conn rate = 1/sec; bit rate = 0.000 kbps';
  const second = 'conn rate = 1/sec; bit rate = 0.125 kbps';
  const third = 'conn rate = 2/sec; bit rate = 0.250 kbps';

  test('is a hole once a third differs in it', () => {
    const two = templateOfRuns(first, second);
    expect(two !== null && matchesTemplate(two, third)).toBe(false);
    const three = templateOfRuns(first, second, third);
    expect(three === null ? null : showTemplate(three)).toBe(
      'conn rate = <decimal>/sec; bit rate = <decimal> kbps',
    );
  });

  test.each([
    ['ids that were numbers alone are ids', ['12345678', '87654321', 'abcdef12'], 'the id <hex> is new'],
    ['numbers of one length may grow', ['123456', '654321', '1234567'], 'the id <decimal> is new'],
    ['ids of one length may not grow', ['12345a', '65432b', '123456c'], null],
    ['a grown number is no id', ['123456', '1234567', 'abcdef1'], null],
    ['a number is no word', ['1', '2', 'none'], null],
    ['a duration in other units', ['950ms', '970ms', '1.2s'], 'the id <duration> is new'],
  ])('%s', (_, ids, shown) => {
    const [first = '', ...more] = ids.map((id) => `the id ${id} is new`);
    const template = templateOfRuns(first, ...more);
    expect(template === null ? null : showTemplate(template)).toBe(shown);
  });

  test('counts among the holes', () => {
    const [early, middle, late] = ['1 2 a b c', '1 3 a b c', '2 4 a b c'];
    expect(templateOfRuns(early, middle)).not.toBeNull();
    expect(templateOfRuns(early, middle, late)).toBeNull();
  });
});

test('a template holds all of the answers that it was made of', () => {
  const word = fc.oneof(
    fc.constantFrom('a', 'uptime', '<td>', 'x=', '--', 'é'),
    fc.nat().map(String),
    fc.uuid(),
    fc.string({ maxLength: 6 }),
    fc.stringMatching(/^[0-9a-f]{12}$/),
  );
  const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.tuple(text, text, text), (parts) => {
      const answers = parts.map((part) => `one two three ${part} four five six seven`);
      const [first = '', ...more] = answers;
      const template = templateOfRuns(first, ...more);
      if (template === null) return;
      for (const answer of answers) expect(matchesTemplate(template, answer)).toBe(true);
    }),
  );
});
